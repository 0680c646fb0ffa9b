// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Rotary position embedding. Unit: one head of one token; its pairs are turned in place or not.
#pragma once

#include "lanes.h"

namespace partita {

template <typename T, bool kHalves>
struct Rotary {
  static constexpr bool kByRow = true;
  const T* x;
  T* y;
  const std::int32_t* positions;
  const float* table;
  std::int64_t heads, half, table_positions;
  float direction;  // 1, or -1 to turn back
  bool past_cache;
  std::int64_t bytes_per_row() const { return 4 * half * static_cast<std::int64_t>(sizeof(T)); }
};

inline namespace PTC_ISA {

template <typename T>
PTC_BOTH PTC_INLINE inline Pair<float> load_pairs(const T* p, std::int64_t i) {
  return {load(p, 2 * i), load(p, 2 * i + 1)};
}
template <typename T>
PTC_BOTH PTC_INLINE inline void store_pairs(T* p, std::int64_t i, float first, float second, bool past_cache) {
  store(p, 2 * i, first, past_cache);
  store(p, 2 * i + 1, second, past_cache);
}

template <typename M, typename T, bool kHalves>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const Rotary<T, kHalves>& w, std::int64_t unit) {
  const T* x = w.x + unit * 2 * w.half;
  T* y = w.y + unit * 2 * w.half;
  const std::int64_t position = w.positions[unit / w.heads];
  if (position < 0 || position >= w.table_positions) {  // only on the GPU: the host checks before
    const float nan = float_of(0x7FC00000u);
    machine.each(2 * w.half, [&](auto i) PTC_INLINE { store(y, i, decltype(load(y, i))(nan)); });
    return;
  }
  const float* cosine = w.table + position * 2 * w.half;
  const float* sine = cosine + w.half;
  machine.each(w.half, [&](auto i) PTC_INLINE {
    auto c = load(cosine, i);
    auto s = load(sine, i) * w.direction;
    if constexpr (kHalves) {
      auto a = load(x, i), b = load(x + w.half, i);
      store(y, i, a * c - b * s, w.past_cache);
      store(y + w.half, i, b * c + a * s, w.past_cache);
    } else {
      auto pair = load_pairs(x, i);
      store_pairs(y, i, pair.first * c - pair.second * s, pair.second * c + pair.first * s, w.past_cache);
    }
  });
}

}  // namespace PTC_ISA
}  // namespace partita
