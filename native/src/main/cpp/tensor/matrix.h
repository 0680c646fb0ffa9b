// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// out = alpha * a b + beta * add in float32, every element summed over k from left to right, so that the
// blocking leaves no trace in the bits.  O(m n k) and 2 (m + n) k / block floats of memory traffic.
#pragma once

#include <cstdint>

#include "isa.h"

namespace partita {

struct MatrixProduct {
  const float* a;      // [m, k]
  const float* b;      // [k, n], or [n, k] if b_transposed
  float* out;          // [m, n], none of the others
  std::int64_t m, n, k;
  bool b_transposed;
  float alpha;
  const float* add;    // [m, n] or null
  float beta;
};

// A tile of the result, in registers while a strip of k passes: a is [k][kTileRows], b is [k][kTileColumns].
constexpr int kTileRows = 6;
constexpr int kTileColumns = 16;
using TileProduct = void (*)(const float* a, const float* b, std::int64_t k, float* tile);
void tile_product_scalar(const float* a, const float* b, std::int64_t k, float* tile);
void tile_product_avx2(const float* a, const float* b, std::int64_t k, float* tile);

// Muon: the coefficients of the quintic iteration x -> a x + b x^3 + c x^5 (Jordan et al. 2024).
constexpr float kMuonA = 3.4445f;
constexpr float kMuonB = -4.7750f;
constexpr float kMuonC = 2.0315f;

}  // namespace partita
