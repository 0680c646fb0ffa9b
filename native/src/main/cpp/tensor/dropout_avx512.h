// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Dropout for sixteen counters, that is 64 elements, at a time.
#pragma once

#include "dropout.h"
#include "lanes_avx512.h"

namespace partita {
inline namespace PTC_ISA {

// A word of 32 counters, each in the lower half of a lane of 64 bits, as VPMULUDQ reads it: its product then holds both halves
// at once, and what is left in the upper half does no harm. Four vectors, for the reason that twice.h gives.
struct Word32 {
  __m512i v[4];
};
PTC_INLINE inline Word32 word32(std::uint32_t x) {
  __m512i all = _mm512_set1_epi32(static_cast<int>(x));
  return {{all, all, all, all}};
}
PTC_INLINE inline Word32 operator^(Word32 x, Word32 y) {
  for (int k = 0; k < 4; k++) x.v[k] = _mm512_xor_si512(x.v[k], y.v[k]);
  return x;
}
PTC_INLINE inline Word32 product(Word32 x, std::uint32_t by) {
  for (int k = 0; k < 4; k++) x.v[k] = _mm512_mul_epu32(x.v[k], _mm512_set1_epi32(static_cast<int>(by)));
  return x;
}
PTC_INLINE inline Word32 upper(Word32 x) {
  for (int k = 0; k < 4; k++) x.v[k] = _mm512_castps_si512(_mm512_movehdup_ps(_mm512_castsi512_ps(x.v[k])));
  return x;
}
PTC_INLINE inline std::uint32_t upper(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

// philox() of counters that differ in their first word only. The first two rounds are half scalar by that.
PTC_INLINE inline Words<Word32> philox_of(Word32 c0, std::uint32_t c1, const std::uint32_t* offset,
                                          const std::uint32_t* key) {
  const std::uint64_t same1 = std::uint64_t{offset[0]} * kPhiloxMultiplier1;
  const std::uint64_t same0 = std::uint64_t{upper(same1) ^ c1 ^ key[0]} * kPhiloxMultiplier0;
  const Word32 first = product(c0, kPhiloxMultiplier0);
  const Word32 second = product(upper(first) ^ word32(offset[1] ^ key[1]), kPhiloxMultiplier1);
  Words<Word32> c{{upper(second) ^ word32(static_cast<std::uint32_t>(same1) ^ key[2]), second,
                   first ^ word32(upper(same0) ^ key[3]), word32(static_cast<std::uint32_t>(same0))}};
#pragma GCC unroll 8
  for (int round = 2; round < kPhiloxRounds; round++) {
    const Word32 product0 = product(c.word[0], kPhiloxMultiplier0), product1 = product(c.word[2], kPhiloxMultiplier1);
    c.word[0] = upper(product1) ^ c.word[1] ^ word32(key[2 * round]);
    c.word[1] = product1;
    c.word[2] = upper(product0) ^ c.word[3] ^ word32(key[2 * round + 1]);
    c.word[3] = product0;
  }
  return c;
}

// Elements 32 k + 16 half … of the 128 that the counters have, dropped or not.
PTC_INLINE inline F16 drop_half(const Words<Word32>& words, int k, int half, __m512i threshold, F16 value) {
  const __m512i kLower = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  __m512i bits = _mm512_permutex2var_epi32(words.word[2 * half].v[k], kLower, words.word[2 * half + 1].v[k]);
  return _mm512_maskz_mov_ps(_mm512_cmpge_epu32_mask(bits, threshold), value.v);
}

template <typename T>
PTC_INLINE inline void element(const Dropout<T>& w, WideTwice<16> counters) {
  const std::int64_t first = counters.i / 8 * 32;
  if (first + 128 > w.count) {
    for (int k = 0; k < 32; k++) element(w, counters.i + k);
    return;
  }
  // The first counter is a multiple of 32: all share their upper words.
  Word32 c0{};
  for (int k = 0; k < 4; k++) {
    c0.v[k] = _mm512_add_epi64(_mm512_set1_epi64(counters.i + 8 * k), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
  }
  const Words<Word32> words = philox_of(c0, upper(static_cast<std::uint64_t>(counters.i)), w.offset, w.key);
  const __m512i threshold = _mm512_set1_epi32(static_cast<int>(w.threshold));
#pragma GCC unroll 4
  for (int k = 0; k < 4; k++) {
    WideTwice<16> at{first + 32 * k};
    ask_beyond(w.x, at);
    auto value = load(w.x, at) * Twice<F16>(w.factor);
    store(w.y, at,
          Twice<F16>(drop_half(words, k, 0, threshold, value.a), drop_half(words, k, 1, threshold, value.b)),
          w.past_cache);
  }
}

template <typename T>
PTC_INLINE inline void element(const Dropout<T>& w, Wide counters) {
  for (int k = 0; k < 16; k++) element(w, counters.i + k);
}

}  // namespace PTC_ISA
}  // namespace partita
