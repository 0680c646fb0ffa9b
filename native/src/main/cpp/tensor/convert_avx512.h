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

PTC_INLINE inline void store(Int8* p, Wide at, F16 x, bool past_cache) {
  __mmask16 there = _mm512_cmp_ps_mask(x.v, x.v, _CMP_ORD_Q);
  // Rounds to nearest, ties to even, by itself.
  __m512i whole = _mm512_maskz_cvtps_epi32(there, smaller(F16(127.0f), larger(F16(-127.0f), x)).v);
  auto* to = reinterpret_cast<__m128i*>(p + at.i);
  __m128i packed = _mm512_cvtepi32_epi8(whole);
  past_cache ? _mm_stream_si128(to, packed) : _mm_storeu_si128(to, packed);
}
PTC_INLINE inline void store(Int8* p, Wide at, F16 x) { store(p, at, x, false); }

}  // namespace PTC_ISA
}  // namespace partita
