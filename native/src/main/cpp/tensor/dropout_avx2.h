// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Dropout for eight counters, that is 32 elements, at a time.
#pragma once

#include "dropout.h"
#include "lanes_avx2.h"

namespace partita {
inline namespace PTC_ISA {

PTC_INLINE inline void multiply(U8 a, U8 b, U8& high, U8& low) {
  __m256i even = _mm256_mul_epu32(a.v, b.v);
  __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(a.v, 32), b.v);  // b is the same everywhere
  low = _mm256_blend_epi32(even, _mm256_slli_epi64(odd, 32), 0xAA);
  high = _mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xAA);
}

template <typename T>
PTC_INLINE inline void element(const Dropout<T>& w, Wide counters) {
  const std::int64_t first = counters.i / 8 * 32;
  if (first + 32 > w.count) {
    for (int k = 0; k < 8; k++) element(w, counters.i + k);
    return;
  }
  // Eight counters share their upper words: the first is a multiple of eight.
  U8 c0 = U8(static_cast<std::uint32_t>(counters.i)) + U8(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  Words<U8> words = philox(c0, U8(static_cast<std::uint32_t>(counters.i >> 32)), U8(w.offset[0]), U8(w.offset[1]),
                           w.key);
  const __m256i threshold = U8(w.threshold).v;
  for (int k = 0; k < 4; k++) {
    Wide at{first + 8 * k};
    __m256i keep = _mm256_cmpeq_epi32(_mm256_max_epu32(words.word[k].v, threshold), words.word[k].v);
    F8 value = load(w.x, at) * F8(w.factor);
    store(w.y, at, F8(_mm256_and_ps(value.v, _mm256_castsi256_ps(keep))), w.past_cache);
  }
}

}  // namespace PTC_ISA
}  // namespace partita
