// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// out = factor * ((0+1)+(2+3))+((4+5)+(6+7)) over up to eight sources, null ones left out, to up to eight
// places.  Each source is read once.
#pragma once

#include "lanes.h"

namespace partita {

constexpr int kMostShards = 8;

template <typename T>
struct TreeSum {
  static constexpr bool kByRow = false;
  const T* source[kMostShards];
  T* out[kMostShards];
  int outs;
  float factor;
  bool past_cache;
};

inline namespace PTC_ISA {

// The sum of the sources from First on, Width of them; false if there is none.
template <int First, int Width, typename T, typename At, typename V>
PTC_BOTH PTC_INLINE inline bool tree_sum(const TreeSum<T>& w, At i, V& sum) {
  if constexpr (Width == 1) {
    if (w.source[First] == nullptr) return false;
    sum = load(w.source[First], i);
    return true;
  } else {
    V left(0.0f), right(0.0f);
    bool has_left = tree_sum<First, Width / 2>(w, i, left);
    bool has_right = tree_sum<First + Width / 2, Width / 2>(w, i, right);
    sum = has_left && has_right ? left + right : has_left ? left : right;
    return has_left || has_right;
  }
}

template <typename T, typename At>
PTC_BOTH PTC_INLINE inline void element(const TreeSum<T>& w, At i) {
  decltype(load(w.out[0], i)) sum(0.0f);
  tree_sum<0, kMostShards>(w, i, sum);
  sum = sum * w.factor;
  for (int k = 0; k < w.outs; k++) store(w.out[k], i, sum, w.past_cache);
}

}  // namespace PTC_ISA
}  // namespace partita
