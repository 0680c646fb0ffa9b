// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Eight pairs of neighbours, taken apart and put together.
#pragma once

#include "lanes_avx2.h"
#include "rotary.h"

namespace partita {
inline namespace PTC_ISA {

template <typename T>
PTC_INLINE inline Pair<F8> load_pairs(const T* p, Wide at) {
  // a0 … a7, b0 … b7  ->  a0 a2 b0 b2 | a4 a6 b4 b6  ->  a0 a2 a4 a6 | b0 b2 b4 b6, and the odd ones likewise
  __m256 a = load(p, Wide{2 * at.i}).v, b = load(p, Wide{2 * at.i + 8}).v;
  __m256d first = _mm256_castps_pd(_mm256_shuffle_ps(a, b, 0x88));
  __m256d second = _mm256_castps_pd(_mm256_shuffle_ps(a, b, 0xDD));
  return {_mm256_castpd_ps(_mm256_permute4x64_pd(first, 0xD8)),
          _mm256_castpd_ps(_mm256_permute4x64_pd(second, 0xD8))};
}

template <typename T>
PTC_INLINE inline void store_pairs(T* p, Wide at, F8 first, F8 second, bool past_cache) {
  __m256 a = _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(first.v), 0xD8));
  __m256 b = _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(second.v), 0xD8));
  store(p, Wide{2 * at.i}, F8(_mm256_unpacklo_ps(a, b)), past_cache);
  store(p, Wide{2 * at.i + 8}, F8(_mm256_unpackhi_ps(a, b)), past_cache);
}

}  // namespace PTC_ISA
}  // namespace partita
