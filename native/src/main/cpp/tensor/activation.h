// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// GELU and SwiGLU. One pass, 2 to 5 values moved an element.
#pragma once

#include "float_functions.h"

namespace partita {

enum class GeluKind { kErf, kTanh };

template <typename T, GeluKind kKind>
struct Gelu {
  static constexpr bool kByRow = false;
  const T* x;
  T* y;
  bool past_cache;
};
template <typename T, GeluKind kKind>
struct GeluBackward {
  static constexpr bool kByRow = false;
  const T* d_y;
  const T* x;
  T* d_x;
  bool past_cache;
};
template <typename T>
struct Swiglu {
  static constexpr bool kByRow = false;
  const T* gate;
  const T* up;
  T* y;
  bool past_cache;
};
template <typename T>
struct SwigluBackward {
  static constexpr bool kByRow = false;
  const T* d_y;
  const T* gate;
  const T* up;
  T* d_gate;
  T* d_up;
  bool past_cache;
};

inline namespace PTC_ISA {

// Beyond 30 the distribution function is 0 or 1 and its derivative 0: no infinity times zero from finite x.
template <typename V>
PTC_BOTH PTC_INLINE inline V within_30(V x) {
  return smaller(V(30.0f), larger(V(-30.0f), x));
}

// 2 sqrt(2/pi) (1 + 0.044715 x^2), of which x times is what GELU's approximation takes the sigmoid.
constexpr float kGeluTanh = 1.5957691216f, kGeluTanhSquare = 0.0713548163f;

// x times the distribution function is x or 0, less what the tail takes away: its relative error is the tail's.
template <GeluKind kKind, typename V>
PTC_BOTH PTC_INLINE inline V gelu(V x) {
  if constexpr (kKind == GeluKind::kErf) {
    Normal<V> p = normal(x);
    return fused_from(larger(V(0.0f), x), p.size, p.tail);
  } else {
    // Below -9.97 the sigmoid stays at 1.6e-38, and so must x.
    return larger(V(-10.0f), x) * sigmoid(x * fused(V(kGeluTanhSquare) * x, x, V(kGeluTanh)));
  }
}

template <GeluKind kKind, typename V>
PTC_BOTH PTC_INLINE inline V gelu_slope(V x) {
  if constexpr (kKind == GeluKind::kErf) {
    V near = smaller(V(12.9f), larger(V(-12.9f), x));
    Normal<V> p = normal_at(size_of(near));
    return fused(near, p.density, choose(less(x, V(0.0f)), p.tail, V(1.0f) - p.tail));
  } else {
    V near = within_30(x);
    V square = near * near;
    V s = sigmoid(near * fused(V(kGeluTanhSquare), square, V(kGeluTanh)));
    V slope = fused(V(3 * kGeluTanhSquare), square, V(kGeluTanh));
    return s + ((near * s) * (V(1.0f) - s)) * slope;
  }
}

template <typename T, GeluKind kKind, typename At>
PTC_BOTH PTC_INLINE inline void element(const Gelu<T, kKind>& w, At i) {
  ask_beyond(w.x, i);
  store(w.y, i, gelu<kKind>(load(w.x, i)), w.past_cache);
}

template <typename T, GeluKind kKind, typename At>
PTC_BOTH PTC_INLINE inline void element(const GeluBackward<T, kKind>& w, At i) {
  ask_beyond(w.d_y, i);
  ask_beyond(w.x, i);
  store(w.d_x, i, load(w.d_y, i) * gelu_slope<kKind>(load(w.x, i)), w.past_cache);
}

template <typename T, typename At>
PTC_BOTH PTC_INLINE inline void element(const Swiglu<T>& w, At i) {
  ask_beyond(w.gate, i);
  ask_beyond(w.up, i);
  auto gate = load(w.gate, i);
  store(w.y, i, (gate / one_and_exponential_of_minus(gate)) * load(w.up, i), w.past_cache);
}

template <typename T, typename At>
PTC_BOTH PTC_INLINE inline void element(const SwigluBackward<T>& w, At i) {
  ask_beyond(w.d_y, i);
  ask_beyond(w.gate, i);
  ask_beyond(w.up, i);
  auto d_y = load(w.d_y, i);
  auto gate = load(w.gate, i);
  auto up = load(w.up, i);
  auto s = sigmoid(gate);
  auto one = decltype(s)(1.0f);
  store(w.d_gate, i, (d_y * up) * (s * (one + gate * (one - s))), w.past_cache);
  store(w.d_up, i, d_y * (gate * s), w.past_cache);
}

}  // namespace PTC_ISA
}  // namespace partita
