// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "partita_optimizer.h"
#include "tensors.h"

namespace {

using namespace partita::tests;

using Matrix = std::vector<double>;

Matrix product(const Matrix& a, const Matrix& b, int m, int n, int k) {
  Matrix c(static_cast<std::size_t>(m) * n);
  for (int i = 0; i < m; i++) {
    for (int p = 0; p < k; p++) {
      for (int j = 0; j < n; j++) c[i * n + j] += a[i * k + p] * b[p * n + j];
    }
  }
  return c;
}

Matrix turned(const Matrix& a, int m, int n) {
  Matrix t(a.size());
  for (int i = 0; i < m; i++) {
    for (int j = 0; j < n; j++) t[j * m + i] = a[i * n + j];
  }
  return t;
}

TEST("the matrix product is that of double for any shape, with the bits of a sum from left to right") {
  for (auto [m, n, k] :
       {std::tuple(0, 3, 2), {1, 1, 1}, {7, 17, 0}, {6, 16, 3}, {50, 33, 300}, {97, 1040, 257}, {3, 5, 1000}}) {
    auto a = random_floats(m * k, 1), b = random_floats(k * n, 2);
    Matrix da(a.begin(), a.end()), db(b.begin(), b.end());
    std::vector<float> b_turned(b.size());
    for (int p = 0; p < k; p++) {
      for (int j = 0; j < n; j++) b_turned[j * k + p] = b[p * n + j];
    }
    Matrix expected = product(da, db, m, n, k);
    std::vector<float> sums(expected.size());
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int p = 0; p < k; p++) sums[i * n + j] += a[i * k + p] * b[p * n + j];
      }
    }
    on_every_cpu_and_pool([&, m = m, n = n, k = k](ptc_pool* pool) {
      for (int transposed : {0, 1}) {
        std::vector<float> c(expected.size(), 9.0f);
        CHECK_OK(ptc_matrix_product(pool, a.data(), transposed != 0 ? b_turned.data() : b.data(), m, n, k,
                                    transposed, c.data()));
        CHECK(same_bits(c, sums));
        for (std::size_t i = 0; i < c.size(); i++) CHECK(near(c[i], expected[i], 1e-5, 1e-6 * k));
      }
    });
  }
  float x = 1;
  CHECK(ptc_matrix_product(nullptr, &x, &x, 1, 1, 1, 0, &x) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_matrix_product(nullptr, &x, &x, 1, 1, -1, 0, &x) == PTC_INVALID_ARGUMENT);
}

struct Step {
  int rows, columns;
  std::vector<float> weight, m, gradient;
  std::vector<std::uint16_t> copy;

  Step(int r, int c)
      : rows(r),
        columns(c),
        weight(random_floats(r * c, 1)),
        m(random_floats(r * c, 2)),
        gradient(random_floats(r * c, 3)),
        copy(r * c) {}
  ptc_status run(ptc_pool* pool, int nesterov, int scaling, const float* factor) {
    ptc_update u{weight.data(),   m.data(),    nullptr,
                 gradient.data(), copy.data(), static_cast<std::int64_t>(weight.size()),
                 PTC_FLOAT32,     0.1f};
    return ptc_muon_step(pool, &u, rows, columns, factor, 0.05f, 0.95f, nesterov, 5, scaling);
  }
};

TEST("a step of Muon is that of double, for tall, wide and square matrices, with one set of bits") {
  for (auto [rows, columns] : {std::pair(1, 1), {24, 24}, {40, 17}, {17, 40}, {1, 9}, {9, 1}, {130, 70}}) {
    for (int nesterov : {0, 1}) {
      for (int scaling : {PTC_MUON_ORIGINAL, PTC_MUON_MATCH_ADAMW}) {
        Step first(rows, columns);
        float factor = 0.5f;
        CHECK_OK(first.run(nullptr, nesterov, scaling, &factor));
        on_every_cpu_and_pool([&, rows = rows, columns = columns](ptc_pool* pool) {
          Step step(rows, columns);
          CHECK_OK(step.run(pool, nesterov, scaling, &factor));
          CHECK(same_bits(step.weight, first.weight) && same_bits(step.m, first.m) &&
                same_bits(step.copy, first.copy));
        });
        Step start(rows, columns);
        int size = rows * columns, edge = std::min(rows, columns), length = size / edge;
        Matrix x(size);
        double square = 0;
        for (int i = 0; i < size; i++) {
          double g = 0.5 * start.gradient[i], m = 0.95 * start.m[i] + 0.05 * g;
          CHECK(near(first.m[i], m, 1e-6, 1e-6));
          x[i] = nesterov != 0 ? 0.95 * m + 0.05 * g : m;
          square += x[i] * x[i];
        }
        for (double& v : x) v /= std::sqrt(square) + 1e-7;
        if (rows > columns) x = turned(x, rows, columns);
        for (int t = 0; t < 5; t++) {
          Matrix s = product(x, turned(x, edge, length), edge, edge, length), ss = product(s, s, edge, edge, edge);
          for (int i = 0; i < edge * edge; i++) ss[i] = -4.7750 * s[i] + 2.0315 * ss[i];
          Matrix y = product(ss, x, edge, length, edge);
          for (int i = 0; i < size; i++) x[i] = 3.4445 * x[i] + y[i];
        }
        // Singular values near one: the sum of their squares is near the number of them.
        double norm = 0;
        for (double v : x) norm += v * v / edge;
        CHECK(edge < 5 || (norm > 0.6 && norm < 1.3));
        if (rows > columns) x = turned(x, edge, length);
        double ratio = static_cast<double>(rows) / columns;
        double scale = scaling == PTC_MUON_ORIGINAL ? std::sqrt(std::max(1.0, ratio))
                                                    : 0.2 * std::sqrt(std::max(rows, columns));
        for (int i = 0; i < size; i++) {
          double w = start.weight[i] * (1 - 0.05 * 0.1) - 0.05 * scale * x[i];
          CHECK(near(first.weight[i], w, 1e-5, 2e-5));
          CHECK(first.copy[i] == partita::to_bfloat16(first.weight[i]).bits);
        }
      }
    }
  }
}

TEST("Muon skips an iteration that overflowed, and refuses what is not a matrix") {
  Step step(4, 5), before(4, 5);
  float factor = kNaN;
  CHECK_OK(step.run(nullptr, 1, PTC_MUON_ORIGINAL, &factor));
  CHECK(same_bits(step.weight, before.weight) && same_bits(step.m, before.m));
  step.columns = 6;
  CHECK(step.run(nullptr, 1, PTC_MUON_ORIGINAL, nullptr) == PTC_INVALID_ARGUMENT);
  step.columns = 5;
  CHECK(step.run(nullptr, 1, 7, nullptr) == PTC_INVALID_ARGUMENT);
}

}  // namespace
