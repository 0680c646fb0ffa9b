// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Eight int8 at a time.
#pragma once

#include "convert.h"
#include "lanes_avx2.h"

namespace partita {
inline namespace PTC_ISA {

PTC_INLINE inline F8 load(const Int8* p, Wide at) {
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p + at.i))));
}

PTC_INLINE inline void store(Int8* p, Wide at, F8 x) {
  __m256 there = _mm256_cmp_ps(x.v, x.v, _CMP_ORD_Q);
  __m256i whole = _mm256_cvtps_epi32(_mm256_and_ps(x.v, there));  // rounds to nearest, ties to even, by itself
  __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p + at.i), _mm_packs_epi16(words, words));
}
PTC_INLINE inline void store(Int8* p, Wide at, F8 x, bool /*past_cache*/) { store(p, at, x); }

}  // namespace PTC_ISA
}  // namespace partita
