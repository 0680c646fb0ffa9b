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

// 2 sqrt(2/pi) (x + 0.044715 x^3): the approximation is x * sigmoid of it.
template <typename V>
PTC_BOTH PTC_INLINE inline V gelu_tanh_argument(V x) {
  return (V(1.5957691216f) * x) * (V(1.0f) + (V(0.044715f) * x) * x);
}

template <GeluKind kKind, typename V>
PTC_BOTH PTC_INLINE inline V gelu(V x) {
  if constexpr (kKind == GeluKind::kErf) {
    return x * normal(x).below;
  } else {
    return x * sigmoid(gelu_tanh_argument(within_30(x)));
  }
}

template <GeluKind kKind, typename V>
PTC_BOTH PTC_INLINE inline V gelu_slope(V x) {
  V near = within_30(x);
  if constexpr (kKind == GeluKind::kErf) {
    Normal<V> p = normal(x);
    return p.below + near * p.density;
  } else {
    V s = sigmoid(gelu_tanh_argument(near));
    V slope = V(1.5957691216f) * (V(1.0f) + (V(3 * 0.044715f) * near) * near);
    return s + ((near * s) * (V(1.0f) - s)) * slope;
  }
}

template <typename T, GeluKind kKind, typename At>
PTC_BOTH PTC_INLINE inline void element(const Gelu<T, kKind>& w, At i) {
  store(w.y, i, gelu<kKind>(load(w.x, i)), w.past_cache);
}

template <typename T, GeluKind kKind, typename At>
PTC_BOTH PTC_INLINE inline void element(const GeluBackward<T, kKind>& w, At i) {
  store(w.d_x, i, load(w.d_y, i) * gelu_slope<kKind>(load(w.x, i)), w.past_cache);
}

template <typename T, typename At>
PTC_BOTH PTC_INLINE inline void element(const Swiglu<T>& w, At i) {
  auto gate = load(w.gate, i);
  store(w.y, i, (gate * sigmoid(gate)) * load(w.up, i), w.past_cache);
}

template <typename T, typename At>
PTC_BOTH PTC_INLINE inline void element(const SwigluBackward<T>& w, At i) {
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
