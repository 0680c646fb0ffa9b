// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Dropout with bits from Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011). Unit: a block of 384 counters. The four
// words of a counter belong to four elements eight apart, so that eight neighbouring counters fill whole vectors:
//
//   elements 32 b + 0 … 7     word 0 of counters 8 b + 0 … 7
//            32 b + 8 … 15    word 1 of the same      and so on
#pragma once

#include "lanes.h"

namespace partita {

constexpr int kPhiloxRounds = 10;
constexpr std::uint32_t kPhiloxMultiplier0 = 0xD2511F53u, kPhiloxMultiplier1 = 0xCD9E8D57u;

template <typename T>
struct Dropout {
  static constexpr bool kByRow = true;
  static constexpr std::int64_t kCounters = 384;  // of a block
  const T* x;
  T* y;
  std::int64_t count;
  float factor;             // 1 / (1 - probability)
  std::uint32_t threshold;  // words below it drop their element
  std::uint32_t key[2 * kPhiloxRounds];  // two for each round
  std::uint32_t offset[2];  // the upper half of the counter
  bool past_cache;
  std::int64_t bytes_per_row() const { return 2 * 4 * kCounters * static_cast<std::int64_t>(sizeof(T)); }
  std::int64_t blocks() const { return (count + 4 * kCounters - 1) / (4 * kCounters); }
};

inline namespace PTC_ISA {

template <typename U>
struct Words {
  U word[4];
};

PTC_BOTH PTC_INLINE inline void multiply(std::uint32_t a, std::uint32_t b, std::uint32_t& high,
                                         std::uint32_t& low) {
  std::uint64_t product = static_cast<std::uint64_t>(a) * b;
  high = static_cast<std::uint32_t>(product >> 32);
  low = static_cast<std::uint32_t>(product);
}

template <typename U>
PTC_BOTH PTC_INLINE inline Words<U> philox(U c0, U c1, U c2, U c3, const std::uint32_t* key) {
PTC_UNROLL(10)
  for (int round = 0; round < kPhiloxRounds; round++) {
    U high0 = c0, low0 = c0, high1 = c0, low1 = c0;
    multiply(c0, U(kPhiloxMultiplier0), high0, low0);
    multiply(c2, U(kPhiloxMultiplier1), high1, low1);
    c0 = (high1 ^ c1) ^ U(key[2 * round]);
    c1 = low1;
    c2 = (high0 ^ c3) ^ U(key[2 * round + 1]);
    c3 = low0;
  }
  return {{c0, c1, c2, c3}};
}

template <typename T, typename At>
PTC_BOTH PTC_INLINE inline void drop(const Dropout<T>& w, At i, float value, std::uint32_t word) {
  store(w.y, i, word < w.threshold ? 0.0f : value * w.factor, w.past_cache);
}

template <typename T>
PTC_BOTH PTC_INLINE inline void element(const Dropout<T>& w, std::int64_t counter) {
  Words<std::uint32_t> words = philox(static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32),
                                      w.offset[0], w.offset[1], w.key);
  std::int64_t i = counter / 8 * 32 + counter % 8;
  for (int k = 0; k < 4 && i < w.count; k++, i += 8) drop(w, i, load(w.x, i), words.word[k]);
}

template <typename M, typename T>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const Dropout<T>& w, std::int64_t block) {
  std::int64_t n = Dropout<T>::kCounters;
  const std::int64_t first = block * n, left = (w.count + 31) / 32 * 8 - first;
  if (left < n) n = left;
  machine.each(n, [&](auto counter) PTC_INLINE { element(w, counter + first); });
}

}  // namespace PTC_ISA
}  // namespace partita
