// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Sixteen int8 at a time.
#pragma once

#include "convert.h"
#include "lanes_avx512.h"

namespace partita {
inline namespace PTC_ISA {

PTC_INLINE inline F16 load(const Int8* p, Wide at) {
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + at.i))));
}

// Rounds to nearest, ties to even, by itself; NaN becomes -2^31, whose last byte is 0.
PTC_INLINE inline __m128i pack_int8(F16 x) { return _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(x.v)); }
PTC_INLINE inline void store(Int8* p, Wide at, F16 x, bool past_cache) {
  auto* to = reinterpret_cast<__m128i*>(p + at.i);
  past_cache ? _mm_stream_si128(to, pack_int8(x)) : _mm_storeu_si128(to, pack_int8(x));
}
PTC_INLINE inline void store(Int8* p, Wide at, F16 x) { store(p, at, x, false); }
PTC_INLINE inline void store(Int8* p, WideTwice<16> at, Twice<F16> x, bool past_cache) {
  auto* to = reinterpret_cast<__m256i*>(p + at.i);
  __m256i packed = _mm256_set_m128i(pack_int8(x.b), pack_int8(x.a));
  past_cache ? _mm256_stream_si256(to, packed) : _mm256_storeu_si256(to, packed);
}

}  // namespace PTC_ISA
}  // namespace partita
