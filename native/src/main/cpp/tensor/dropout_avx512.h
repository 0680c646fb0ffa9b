// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Dropout for sixteen counters, that is 64 elements, at a time.
#pragma once

#include "dropout.h"
#include "lanes_avx512.h"

namespace partita {
inline namespace PTC_ISA {

struct U16 {
  __m512i v;
  PTC_INLINE U16(__m512i vector) : v(vector) {}
  PTC_INLINE U16(std::uint32_t x) : v(_mm512_set1_epi32(static_cast<int>(x))) {}
  PTC_INLINE friend U16 operator+(U16 a, U16 b) { return _mm512_add_epi32(a.v, b.v); }
  PTC_INLINE friend U16 operator^(U16 a, U16 b) { return _mm512_xor_si512(a.v, b.v); }
};

PTC_INLINE inline void multiply(U16 a, U16 b, U16& high, U16& low) {
  __m512i even = _mm512_mul_epu32(a.v, b.v);
  __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(a.v, 32), b.v);  // b is the same everywhere
  low = _mm512_mullo_epi32(a.v, b.v);
  high = _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
}

template <typename T>
PTC_INLINE inline void element(const Dropout<T>& w, Wide counters) {
  const std::int64_t first = counters.i / 8 * 32;
  if (first + 64 > w.count) {
    for (int k = 0; k < 16; k++) element(w, counters.i + k);
    return;
  }
  // Sixteen counters share their upper words: the first is a multiple of sixteen.
  U16 c0 = U16(static_cast<std::uint32_t>(counters.i)) +
           U16(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
  Words<U16> words = philox(c0, U16(static_cast<std::uint32_t>(counters.i >> 32)), U16(w.offset[0]), U16(w.offset[1]), w.key[0], w.key[1]);
  // The first eight counters belong to elements 0 to 31, the others to 32 to 63.
  auto apart = [&](int half, int k) PTC_INLINE {
    const __m512i a = words.word[k].v, b = words.word[k + 1].v;
    return half == 0 ? _mm512_shuffle_i64x2(a, b, 0x44) : _mm512_shuffle_i64x2(a, b, 0xEE);
  };
  for (int line = 0; line < 4; line++) __builtin_prefetch(w.x + first + 1024 + 16 * line);
  const __m512i threshold = _mm512_set1_epi32(static_cast<int>(w.threshold));
  for (int part = 0; part < 4; part++) {
    Wide at{first + 16 * part};
    __mmask16 keep = _mm512_cmpge_epu32_mask(apart(part / 2, part % 2 * 2), threshold);
    store(w.y, at, F16(_mm512_maskz_mul_ps(keep, load(w.x, at).v, _mm512_set1_ps(w.factor))), w.past_cache);
  }
}

}  // namespace PTC_ISA
}  // namespace partita
