// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// A step of Muon, for the CPU and for the GPU alike.
#pragma once

#include <cmath>
#include <utility>

#include "matrix.h"
#include "muon.h"
#include "update_calls.h"

namespace partita {

// Where the step's work space lies in one block of memory.
struct MuonSpace {
  double* square_sum;  // 1
  double* partial;     // a double per chunk of the matrix
  float* x;            // [short, long]
  float* y;            // [short, long]
  float* gram;         // [short, short]
  float* polynomial;   // [short, short]

  static std::int64_t bytes(std::int64_t rows, std::int64_t columns) {
    std::int64_t size = rows * columns, edge = std::min(rows, columns);
    return 64 + 8 * (size / kUpdateChunk + 1) + 64 + 4 * (2 * size + 2 * edge * edge);
  }
  static MuonSpace over(void* memory, std::int64_t rows, std::int64_t columns) {
    std::int64_t size = rows * columns, edge = std::min(rows, columns);
    MuonSpace s{};
    s.square_sum = static_cast<double*>(memory);
    s.partial = s.square_sum + 8;
    std::int64_t doubles = (size / kUpdateChunk + 1 + 7) / 8 * 8;
    s.x = reinterpret_cast<float*>(s.partial + doubles);
    s.y = s.x + size;
    s.gram = s.y + size;
    s.polynomial = s.gram + edge * edge;
    return s;
  }
};

inline void require_muon(const ptc_update* update, std::int64_t rows, std::int64_t columns, float learning_rate,
                         float momentum, std::int32_t iterations, std::int32_t scaling) {
  require_rate(learning_rate);
  require_momentum(momentum);
  require(update != nullptr, "muon: update is null");
  require(rows >= 1 && rows <= 65536 && columns >= 1 && columns <= 65536, "muon: rows and columns must be 1 to 65536");
  require(update->count == rows * columns, "muon: update->count must be rows * columns");
  require(iterations >= 1 && iterations <= 20, "muon: iterations must be 1 to 20");
  require(scaling == PTC_MUON_ORIGINAL || scaling == PTC_MUON_MATCH_ADAMW,
          "muon: scaling must be PTC_MUON_ORIGINAL or PTC_MUON_MATCH_ADAMW");
  require_updates(update, 1, {true, false});
}

// on.multiply(product) is the machine's product.
template <typename On>
void muon_call(const On& on, const ptc_update& u, MuonShape shape, const float* factor, float learning_rate,
               float momentum, bool nesterov, std::int32_t iterations, std::int32_t scaling, MuonSpace space) {
  const std::int64_t size = u.count, edge = std::min(shape.rows, shape.columns), length = size / edge;
  with_dtype(u.gradient_dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    on.run(MuonDirection<T>{u.m, static_cast<const T*>(u.gradient), space.x, shape, factor, momentum, 1.0f - momentum,
                            nesterov},
           size);
  });
  ptc_update direction{};
  direction.gradient = space.x;
  direction.count = size;
  square_sum_call(on, &direction, 1, space.partial, space.square_sum);
  on.run(MuonNormalise{space.x, space.square_sum}, size);
  float* x = space.x;
  float* y = space.y;
  for (std::int32_t i = 0; i < iterations; i++) {
    // y = a x + (b s + c s s) x with s = x x^T
    on.multiply({x, x, space.gram, edge, edge, length, true, 1, nullptr, 0});
    on.multiply({space.gram, space.gram, space.polynomial, edge, edge, edge, false, kMuonC, space.gram, kMuonB});
    on.multiply({space.polynomial, x, y, edge, length, edge, false, 1, x, kMuonA});
    std::swap(x, y);
  }
  const auto rows = static_cast<double>(shape.rows), columns = static_cast<double>(shape.columns);
  const double scale = scaling == PTC_MUON_ORIGINAL ? std::sqrt(std::max(1.0, rows / columns))
                                                    : 0.2 * std::sqrt(std::max(rows, columns));
  on.run(MuonApply{u.weight, reinterpret_cast<BFloat16*>(u.bfloat16_weight), x, shape, factor,
                   1.0f - learning_rate * u.weight_decay, static_cast<float>(learning_rate * scale)},
         size);
}

}  // namespace partita
