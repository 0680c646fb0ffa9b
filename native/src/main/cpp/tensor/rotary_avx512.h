// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Sixteen pairs of neighbours, taken apart and put together.
#pragma once

#include "lanes_avx512.h"
#include "rotary.h"

namespace partita {
inline namespace PTC_ISA {

template <typename T>
PTC_INLINE inline Pair<F16> load_pairs(const T* p, Wide at) {
  const __m512i kEven = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i kOdd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  __m512 a = load(p, Wide{2 * at.i}).v, b = load(p, Wide{2 * at.i + 16}).v;
  return {_mm512_permutex2var_ps(a, kEven, b), _mm512_permutex2var_ps(a, kOdd, b)};
}

template <typename T>
PTC_INLINE inline void store_pairs(T* p, Wide at, F16 first, F16 second, bool past_cache) {
  const __m512i kLow = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const __m512i kHigh = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  store(p, Wide{2 * at.i}, F16(_mm512_permutex2var_ps(first.v, kLow, second.v)), past_cache);
  store(p, Wide{2 * at.i + 16}, F16(_mm512_permutex2var_ps(first.v, kHigh, second.v)), past_cache);
}

template <typename T>
PTC_INLINE inline Pair<Twice<F16>> load_pairs(const T* p, WideTwice<16> at) {
  Pair<F16> a = load_pairs(p, at.first()), b = load_pairs(p, at.second());
  return {{a.first, b.first}, {a.second, b.second}};
}
template <typename T>
PTC_INLINE inline void store_pairs(T* p, WideTwice<16> at, Twice<F16> first, Twice<F16> second, bool past_cache) {
  store_pairs(p, at.first(), first.a, second.a, past_cache);
  store_pairs(p, at.second(), first.b, second.b, past_cache);
}

}  // namespace PTC_ISA
}  // namespace partita
