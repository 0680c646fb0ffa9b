// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Muon's passes over memory; the products in between are matrix.h's. The matrix is turned so that it is
// never taller than wide: the products x x^T are then as small as they can be.
#pragma once

#include "lanes.h"
#include "partita_optimizer.h"

namespace partita {

struct MuonShape {
  std::int64_t rows, columns;  // of the weight
  PTC_BOTH PTC_INLINE bool turned() const { return rows > columns; }
};

// m = momentum m + (1 - momentum) g, and the direction u, turned if need be. Unit: an element of the weight.
template <typename T>
struct MuonDirection {
  static constexpr bool kByRow = false;
  float* m;
  const T* gradient;
  float* direction;
  MuonShape shape;
  const float* factor;
  float momentum, rest;
  bool nesterov;
};

// direction /= its Frobenius norm, so that no singular value is above 1.
struct MuonNormalise {
  static constexpr bool kByRow = false;
  float* direction;
  const double* square_sum;
};

// weight = weight * keep - size * direction. Unit: an element of the weight.
struct MuonApply {
  static constexpr bool kByRow = false;
  float* weight;
  BFloat16* copy;
  const float* direction;
  MuonShape shape;
  const float* factor;
  float keep, size;
};

inline namespace PTC_ISA {

PTC_BOTH PTC_INLINE inline std::int64_t turned_place(const MuonShape& shape, std::int64_t i) {
  return shape.turned() ? i % shape.columns * shape.rows + i / shape.columns : i;
}

PTC_BOTH PTC_INLINE inline bool skipped(const float* factor) { return factor != nullptr && !(*factor == *factor); }

template <typename T>
PTC_BOTH inline void element(const MuonDirection<T>& w, std::int64_t i) {
  const float factor = w.factor != nullptr ? *w.factor : 1.0f;
  if (skipped(w.factor)) return;
  float g = load(w.gradient, i) * factor;
  float m = w.m[i] * w.momentum + g * w.rest;
  w.m[i] = m;
  w.direction[turned_place(w.shape, i)] = w.nesterov ? m * w.momentum + g * w.rest : m;
}

PTC_BOTH inline void element(const MuonNormalise& w, std::int64_t i) {
  auto norm = static_cast<float>(sqrt(*w.square_sum));
  w.direction[i] = w.direction[i] / (norm + 1e-7f);
}

PTC_BOTH inline void element(const MuonApply& w, std::int64_t i) {
  if (skipped(w.factor)) return;
  float x = w.weight[i] * w.keep - w.direction[turned_place(w.shape, i)] * w.size;
  w.weight[i] = x;
  if (w.copy != nullptr) store(w.copy, i, x);
}

}  // namespace PTC_ISA
}  // namespace partita
