// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Dropout for sixteen counters, that is 64 elements, at a time.
#pragma once

#include "dropout.h"
#include "lanes_avx512.h"

namespace partita {
inline namespace PTC_ISA {

// Two vectors of sixteen words, for the reason that twice.h gives.
struct U32 {
  __m512i a, b;
  PTC_INLINE U32(__m512i first, __m512i second) : a(first), b(second) {}
  PTC_INLINE U32(std::uint32_t x) : a(_mm512_set1_epi32(static_cast<int>(x))), b(a) {}
  PTC_INLINE friend U32 operator^(U32 x, U32 y) { return {_mm512_xor_si512(x.a, y.a), _mm512_xor_si512(x.b, y.b)}; }
};

PTC_INLINE inline __m512i high_halves(__m512i a, __m512i b) {  // b is the same everywhere
  __m512i even = _mm512_mul_epu32(a, b);
  __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(a, 32), b);
  return _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, 32), odd);
}
PTC_INLINE inline void multiply(U32 a, U32 b, U32& high, U32& low) {
  high = {high_halves(a.a, b.a), high_halves(a.b, b.b)};
  low = {_mm512_mullo_epi32(a.a, b.a), _mm512_mullo_epi32(a.b, b.b)};
}

// The bits of elements 16 part … of the 64 that sixteen counters have: eight counters own 32 elements.
PTC_INLINE inline __m512i bits_of_part(const __m512i (&word)[4], int part) {
  __m512i a = word[part % 2 * 2], b = word[part % 2 * 2 + 1];
  return part < 2 ? _mm512_shuffle_i64x2(a, b, 0x44) : _mm512_shuffle_i64x2(a, b, 0xEE);
}

template <typename T>
PTC_INLINE inline void element(const Dropout<T>& all, WideTwice<16> counters) {
  const Dropout<T> w = all;
  const std::int64_t first = counters.i / 8 * 32;
  if (first + 128 > w.count) {
    for (int k = 0; k < 32; k++) element(w, counters.i + k);
    return;
  }
  // The first counter is a multiple of 32: all share their upper words.
  const __m512i low = _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(counters.i)),
                                       _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  U32 c0(low, _mm512_add_epi32(low, _mm512_set1_epi32(16)));
  Words<U32> words = philox(c0, U32(static_cast<std::uint32_t>(counters.i >> 32)), U32(w.offset[0]),
                            U32(w.offset[1]), w.key[0], w.key[1]);
  const __m512i word[2][4] = {{words.word[0].a, words.word[1].a, words.word[2].a, words.word[3].a},
                              {words.word[0].b, words.word[1].b, words.word[2].b, words.word[3].b}};
  const __m512i threshold = _mm512_set1_epi32(static_cast<int>(w.threshold));
  for (int part = 0; part < 8; part++) {
    Wide at{first + 16 * part};
    __builtin_prefetch(w.x + at.i + 1024);  // too far apart for what the processor looks ahead by itself
    __mmask16 keep = _mm512_cmpge_epu32_mask(bits_of_part(word[part / 4], part % 4), threshold);
    store(w.y, at, F16(_mm512_maskz_mul_ps(keep, load(w.x, at).v, _mm512_set1_ps(w.factor))), w.past_cache);
  }
}

template <typename T>
PTC_INLINE inline void element(const Dropout<T>& w, Wide counters) {
  for (int k = 0; k < 16; k++) element(w, counters.i + k);
}

}  // namespace PTC_ISA
}  // namespace partita
