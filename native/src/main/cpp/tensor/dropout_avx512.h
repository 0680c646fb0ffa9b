// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Dropout for 48 counters, that is 192 elements, at a time.
#pragma once

#include "dropout.h"
#include "lanes_avx512.h"

namespace partita {
inline namespace PTC_ISA {

// A word of 8 kVectors counters, each in the lower half of a lane of 64 bits, as VPMULUDQ reads it: its product then holds
// both halves at once, and what is left in the upper half does no harm. Several vectors, for the reason that twice.h
// gives: six have their 24 words and what is computed from them in registers.
template <int kVectors>
struct WordOf {
  __m512i v[kVectors];
};
PTC_INLINE inline __m512i all_lanes(std::uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); }
PTC_INLINE inline __m512i product(__m512i x, std::uint32_t by) { return _mm512_mul_epu32(x, all_lanes(by)); }
PTC_INLINE inline __m512i upper(__m512i x) {
  return _mm512_castps_si512(_mm512_movehdup_ps(_mm512_castsi512_ps(x)));
}
PTC_INLINE inline std::uint32_t upper(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }
PTC_INLINE inline __m512i exclusive_or(__m512i x, __m512i y, std::uint32_t z) {
  return _mm512_ternarylogic_epi32(x, y, all_lanes(z), 0x96);
}

// philox() of counters that differ in their first word only. The first two rounds are half scalar by that.
template <int kVectors>
PTC_INLINE inline Words<WordOf<kVectors>> philox_of(const WordOf<kVectors>& first_words, std::uint32_t c1,
                                                    const std::uint32_t* offset, const std::uint32_t* key) {
  const std::uint64_t same1 = std::uint64_t{offset[0]} * kPhiloxMultiplier1;
  const std::uint64_t same0 = std::uint64_t{upper(same1) ^ c1 ^ key[0]} * kPhiloxMultiplier0;
  Words<WordOf<kVectors>> c;
#pragma GCC unroll 8
  for (int k = 0; k < kVectors; k++) {
    const __m512i first = product(first_words.v[k], kPhiloxMultiplier0);
    const __m512i second =
        product(_mm512_xor_si512(upper(first), all_lanes(offset[1] ^ key[1])), kPhiloxMultiplier1);
    c.word[0].v[k] = _mm512_xor_si512(upper(second), all_lanes(static_cast<std::uint32_t>(same1) ^ key[2]));
    c.word[1].v[k] = second;
    c.word[2].v[k] = _mm512_xor_si512(first, all_lanes(upper(same0) ^ key[3]));
    c.word[3].v[k] = all_lanes(static_cast<std::uint32_t>(same0));
  }
#pragma GCC unroll 8
  for (int round = 2; round < kPhiloxRounds; round++) {
#pragma GCC unroll 8
    for (int k = 0; k < kVectors; k++) {
      const __m512i product0 = product(c.word[0].v[k], kPhiloxMultiplier0);
      const __m512i product1 = product(c.word[2].v[k], kPhiloxMultiplier1);
      c.word[0].v[k] = exclusive_or(upper(product1), c.word[1].v[k], key[2 * round]);
      c.word[1].v[k] = product1;
      c.word[2].v[k] = exclusive_or(upper(product0), c.word[3].v[k], key[2 * round + 1]);
      c.word[3].v[k] = product0;
    }
  }
  return c;
}

// Sixteen elements, of which word `half` * 2 of eight counters decides on the first eight, the next word on the others.
template <int kVectors>
PTC_INLINE inline F16 drop_half(const Words<WordOf<kVectors>>& words, int k, int half, __m512i threshold, F16 value) {
  const __m512i kLower = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  __m512i bits = _mm512_permutex2var_epi32(words.word[2 * half].v[k], kLower, words.word[2 * half + 1].v[k]);
  return _mm512_maskz_mov_ps(_mm512_cmpge_epu32_mask(bits, threshold), value.v);
}

// The elements of 8 kVectors counters, which all must exist; the counters' upper words are the same.
template <int kVectors, typename T>
PTC_INLINE inline void drop_all(const Dropout<T>& w, std::int64_t counter) {
  WordOf<kVectors> c0;
  for (int k = 0; k < kVectors; k++) {
    c0.v[k] = _mm512_add_epi64(_mm512_set1_epi64(counter + 8 * k), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
  }
  const auto words = philox_of(c0, upper(static_cast<std::uint64_t>(counter)), w.offset, w.key);
  const __m512i threshold = all_lanes(w.threshold);
#pragma GCC unroll 8
  for (int k = 0; k < kVectors; k++) {
    WideTwice<16> at{counter * 4 + 32 * k};
    ask_beyond(w.x, at);
    auto value = load(w.x, at) * Twice<F16>(w.factor);
    store(w.y, at,
          Twice<F16>(drop_half(words, k, 0, threshold, value.a), drop_half(words, k, 1, threshold, value.b)),
          w.past_cache);
  }
}

template <typename T>
PTC_INLINE inline void element(const Dropout<T>& w, WideTwice<16> counters) {
  if (counters.i * 4 + 128 <= w.count) {
    drop_all<4>(w, counters.i);  // a multiple of 32
  } else {
    for (int k = 0; k < 32; k++) element(w, counters.i + k);
  }
}

template <typename T>
PTC_INLINE inline void element(const Dropout<T>& w, Wide counters) {
  for (int k = 0; k < 16; k++) element(w, counters.i + k);
}

template <typename T>
PTC_INLINE inline void row(const Avx512& machine, const Dropout<T>& w, std::int64_t block) {
  constexpr std::int64_t kCounters = Dropout<T>::kCounters;
  const std::int64_t first = block * kCounters;
  const bool whole = 4 * (first + kCounters) <= w.count;
  if (!whole || upper(static_cast<std::uint64_t>(first)) != upper(static_cast<std::uint64_t>(first + kCounters - 1))) {
    row<Avx512, T>(machine, w, block);
    return;
  }
  for (std::int64_t counter = first; counter < first + kCounters; counter += 48) drop_all<6>(w, counter);
}

}  // namespace PTC_ISA
}  // namespace partita
