// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "check.h"
#include "row_gradient.h"

namespace {

using namespace partita::tests;

struct State {
  std::vector<float> w, m, v;
};

// AdamW in double, as in the paper.
void reference(double& w, double& m, double& v, double g, double v_input, int t) {
  m = 0.9 * m + 0.1 * g;
  v = 0.999 * v + 0.001 * v_input;
  double m_hat = m / (1 - std::pow(0.9, t)), v_hat = v / (1 - std::pow(0.999, t));
  w = w * (1 - 0.02 * 0.01) - 0.02 * m_hat / (std::sqrt(v_hat) + 1e-8);
}

TEST("dense AdamW follows the paper, with the same bits on every path") {
  constexpr int kCount = 1003;
  State first;
  on_every_cpu([&] {
    State s{random_floats(kCount, 1), std::vector<float>(kCount), std::vector<float>(kCount)};
    std::vector<double> w(s.w.begin(), s.w.end()), m(kCount), v(kCount);
    for (int t = 1; t <= 20; t++) {
      auto g = random_floats(kCount, 100 + t);
      CHECK_OK(ptc_dense_adamw(s.w.data(), s.m.data(), s.v.data(), g.data(), kCount, 0.02f, 0.9f, 0.999f, 1e-8f,
                               0.01f, t));
      for (int i = 0; i < kCount; i++) reference(w[i], m[i], v[i], g[i], static_cast<double>(g[i]) * g[i], t);
    }
    for (int i = 0; i < kCount; i++) CHECK(std::fabs(s.w[i] - w[i]) < 1e-4);
    if (first.w.empty()) first = s;
    CHECK(same_bits(first.w, s.w) && same_bits(first.m, s.m) && same_bits(first.v, s.v));
  });
}

TEST("row-wise AdamW keeps one second moment per row and touches only rows with a gradient") {
  constexpr int kRows = 30;
  for (int dim : {1, 5, 8, 64, 67}) {
    State first;
    on_every_cpu([&] {
      State s{random_floats(kRows * dim, 1), std::vector<float>(kRows * dim), std::vector<float>(kRows)};
      State before = s;
      std::vector<double> w(s.w.begin(), s.w.end()), m(kRows * dim), v(kRows);
      for (int t = 1; t <= 10; t++) {
        ptc_row_gradient gradient(dim);
        auto g = random_floats(kRows * dim, 50 + t);
        auto* rows = gradient.rows.at_least(kRows);
        auto* values = gradient.values.at_least(kRows * dim);
        for (int row = t % 2; row < kRows - 1; row += 2) {
          double squares = 0;
          for (int d = 0; d < dim; d++) {
            values[gradient.count * dim + d] = g[row * dim + d];
            squares += static_cast<double>(g[row * dim + d]) * g[row * dim + d] / dim;
          }
          rows[gradient.count++] = row;
          double v_row = v[row];
          for (int d = 0; d < dim; d++) {
            v[row] = v_row;
            reference(w[row * dim + d], m[row * dim + d], v[row], g[row * dim + d], squares, t);
          }
        }
        CHECK_OK(ptc_rowwise_adamw(s.w.data(), s.m.data(), s.v.data(), kRows, &gradient, 0.02f, 0.9f, 0.999f,
                                   1e-8f, 0.01f, t));
      }
      for (int i = 0; i < kRows * dim; i++) CHECK(std::fabs(s.w[i] - w[i]) < 1e-4);
      for (int d = 0; d < dim; d++) CHECK(s.w[(kRows - 1) * dim + d] == before.w[(kRows - 1) * dim + d]);
      if (first.w.empty()) first = s;
      CHECK(same_bits(first.w, s.w) && same_bits(first.m, s.m) && same_bits(first.v, s.v));
    });
  }
}

TEST("nonsense constants and rows beyond the weight are refused") {
  float w[4] = {}, m[4] = {}, v[4] = {}, g[4] = {};
  CHECK(ptc_dense_adamw(w, m, v, g, 4, NAN, 0.9f, 0.999f, 1e-8f, 0, 1) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_dense_adamw(w, m, v, g, 4, 0.1f, 1.0f, 0.999f, 1e-8f, 0, 1) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_dense_adamw(w, m, v, g, 4, 0.1f, 0.9f, 0.999f, 1e-8f, 0, 0) == PTC_INVALID_ARGUMENT);
  ptc_row_gradient gradient(4);
  gradient.rows.at_least(1)[0] = 1;
  gradient.values.at_least(4);
  gradient.count = 1;
  CHECK(ptc_rowwise_adamw(w, m, v, 1, &gradient, 0.1f, 0.9f, 0.999f, 1e-8f, 0, 1) == PTC_INVALID_ARGUMENT);
}

}  // namespace
