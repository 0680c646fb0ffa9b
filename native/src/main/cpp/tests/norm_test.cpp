// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "tensors.h"

namespace {

using namespace partita;
using namespace partita::tests;

struct Shape {
  int rows, columns;
};
constexpr Shape kShapes[] = {{0, 5}, {1, 1}, {3, 2}, {5, 31}, {70, 40}, {200, 33}, {3, 2049}};

std::vector<double> norm_in_double(bool centred, const std::vector<double>& x, const std::vector<float>& gamma,
                                   const std::vector<float>& beta) {
  double n = static_cast<double>(x.size()), mean = 0, square = 0;
  for (double v : x) mean += centred ? v / n : 0;
  for (double v : x) square += (v - mean) * (v - mean) / n;
  std::vector<double> y(x.size());
  for (std::size_t c = 0; c < x.size(); c++) {
    y[c] = (x[c] - mean) / std::sqrt(square + 1e-5) * (gamma.empty() ? 1 : gamma[c]) + (beta.empty() ? 0 : beta[c]);
  }
  return y;
}

struct Forward {
  Stored y;
  std::vector<float> mean, rstd;
};

struct Backward {
  Stored d_x;
  std::vector<float> d_gamma, d_beta;
};

// A norm with its arguments, so that both kinds go through the same tests.
struct Norm {
  bool centred;
  std::int32_t dtype;
  Shape shape;
  std::vector<float> gamma, beta;

  std::size_t size() const { return static_cast<std::size_t>(shape.rows) * shape.columns; }
  Forward forward(ptc_pool* pool, const Stored& x) const {
    Forward f{Stored(dtype, size()), std::vector<float>(shape.rows), std::vector<float>(shape.rows)};
    const float* g = gamma.empty() ? nullptr : gamma.data();
    const float* b = beta.empty() ? nullptr : beta.data();
    if (centred) {
      CHECK_OK(ptc_layer_norm(pool, dtype, x.data(), g, b, shape.rows, shape.columns, 1e-5f, f.y.data(),
                              f.mean.data(), f.rstd.data()));
    } else {
      CHECK_OK(ptc_rms_norm(pool, dtype, x.data(), g, shape.rows, shape.columns, 1e-5f, f.y.data(), f.rstd.data()));
    }
    return f;
  }
  Backward backward(ptc_pool* pool, const Stored& d_y, const Stored& x, const Forward& f) const {
    Backward b{Stored(dtype, size()), std::vector<float>(shape.columns), std::vector<float>(shape.columns)};
    const float* g = gamma.empty() ? nullptr : gamma.data();
    if (centred) {
      CHECK_OK(ptc_layer_norm_backward(pool, dtype, d_y.data(), x.data(), g, f.mean.data(), f.rstd.data(),
                                       shape.rows, shape.columns, b.d_x.data(), b.d_gamma.data(), b.d_beta.data()));
    } else {
      CHECK_OK(ptc_rms_norm_backward(pool, dtype, d_y.data(), x.data(), g, f.rstd.data(), shape.rows, shape.columns,
                                     b.d_x.data(), b.d_gamma.data()));
    }
    return b;
  }
};

template <typename F>
void for_norms(const F& f) {
  for (bool centred : {true, false}) {
    for (std::int32_t dtype : kDtypes) {
      for (Shape shape : kShapes) {
        f(Norm{centred, dtype, shape, random_floats(shape.columns, 2),
               centred ? random_floats(shape.columns, 3) : std::vector<float>()});
      }
    }
    f(Norm{centred, PTC_FLOAT32, {4, 37}, {}, {}});
    f(Norm{true, PTC_FLOAT32, {4, 37}, {}, random_floats(37, 3)});
    f(Norm{true, PTC_FLOAT32, {4, 37}, random_floats(37, 3), {}});
  }
}

TEST("LayerNorm and RMSNorm are those of double, with one set of bits") {
  for_norms([](const Norm& norm) {
    const int columns = norm.shape.columns;
    auto values = random_floats(norm.size(), 1);
    for (float& v : values) v = 3 * v + 5;
    Stored x(norm.dtype, values);
    Forward first = norm.forward(nullptr, x);
    on_every_cpu_and_pool([&](ptc_pool* pool) {
      Forward f = norm.forward(pool, x);
      CHECK(f.y.same_as(first.y) && same_bits(f.mean, first.mean) && same_bits(f.rstd, first.rstd));
    });
    for (int r = 0; r < norm.shape.rows; r++) {
      std::vector<double> in(columns);
      for (int c = 0; c < columns; c++) in[c] = x[r * columns + c];
      auto expected = norm_in_double(norm.centred, in, norm.gamma, norm.beta);
      // One or two equal values in a row: all is cancellation.
      double absolute = columns <= 2 ? 1e-3 : 5e-6;
      for (int c = 0; c < columns; c++) {
        CHECK(near(first.y[r * columns + c], expected[c], 2e-6 + rounding_of(norm.dtype), absolute));
      }
    }
  });
}

TEST("the gradients of LayerNorm and RMSNorm are finite differences, with one set of bits") {
  for_norms([](const Norm& norm) {
    const int rows = norm.shape.rows, columns = norm.shape.columns;
    Stored x(norm.dtype, random_floats(norm.size(), 4)), d_y(norm.dtype, random_floats(norm.size(), 5));
    Forward f = norm.forward(nullptr, x);
    Backward first = norm.backward(nullptr, d_y, x, f);
    on_every_cpu_and_pool([&](ptc_pool* pool) {
      Backward b = norm.backward(pool, d_y, x, f);
      CHECK(b.d_x.same_as(first.d_x) && same_bits(b.d_gamma, first.d_gamma));
      CHECK(!norm.centred || same_bits(b.d_beta, first.d_beta));
    });
    std::vector<double> d_gamma(columns), d_beta(columns), sizes(columns);
    for (int r = 0; r < rows; r++) {
      std::vector<double> in(columns);
      for (int c = 0; c < columns; c++) in[c] = x[r * columns + c];
      auto loss = [&] {
        auto y = norm_in_double(norm.centred, in, norm.gamma, norm.beta);
        double sum = 0;
        for (int c = 0; c < columns; c++) sum += y[c] * d_y[r * columns + c];
        return sum;
      };
      auto hat = norm_in_double(norm.centred, in, {}, {});
      for (int c = 0; c < columns; c++) {
        d_gamma[c] += hat[c] * d_y[r * columns + c];
        d_beta[c] += d_y[r * columns + c];
        sizes[c] += std::fabs(hat[c] * d_y[r * columns + c]) + std::fabs(d_y[r * columns + c]);
      }
      if (columns > 300) continue;  // quadratic
      for (int c = 0; c < columns; c++) {
        double at = in[c], h = 1e-5;
        in[c] = at + h;
        double above = loss();
        in[c] = at - h;
        double expected = (above - loss()) / (2 * h);
        in[c] = at;
        double absolute = columns <= 2 ? 2e-3 * f.rstd[r] : 1e-5 * std::max(1.0f, f.rstd[r]);
        CHECK(near(first.d_x[r * columns + c], expected, 1e-5 + rounding_of(norm.dtype), absolute));
      }
    }
    for (int c = 0; c < columns; c++) {
      double slack = (columns <= 2 ? 1e-3 : 2e-6) * (sizes[c] + 1);
      CHECK(near(first.d_gamma[c], d_gamma[c], 0, slack));
      if (norm.centred) CHECK(near(first.d_beta[c], d_beta[c], 0, slack));
    }
  });
}

TEST("a NaN or infinity spoils its own row and no other; norms may work in place") {
  for (bool centred : {true, false}) {
    for (float odd : {kNaN, kInfinity}) {
      Norm norm{centred,
                PTC_FLOAT32,
                {3, 50},
                random_floats(50, 2),
                centred ? random_floats(50, 3) : std::vector<float>()};
      auto values = random_floats(150, 6);
      Forward clean = norm.forward(nullptr, Stored(PTC_FLOAT32, values));
      values[77] = odd;
      on_every_cpu([&] {
        Forward f = norm.forward(nullptr, Stored(PTC_FLOAT32, values));
        CHECK(std::isnan(f.y[77]));
        for (int c = 0; c < 50; c++) CHECK(f.y[c] == clean.y[c] && f.y[100 + c] == clean.y[100 + c]);
        CHECK(odd == odd || std::isnan(f.y[50]));
      });
    }
    std::vector<float> x = random_floats(5 * 20, 7), y(100), mean(5), rstd(5);
    if (centred) {
      CHECK_OK(ptc_layer_norm(nullptr, PTC_FLOAT32, x.data(), nullptr, nullptr, 5, 20, 0, y.data(), mean.data(),
                              rstd.data()));
      CHECK_OK(ptc_layer_norm(nullptr, PTC_FLOAT32, x.data(), nullptr, nullptr, 5, 20, 0, x.data(), mean.data(),
                              rstd.data()));
    } else {
      CHECK_OK(ptc_rms_norm(nullptr, PTC_FLOAT32, x.data(), nullptr, 5, 20, 0, y.data(), rstd.data()));
      CHECK_OK(ptc_rms_norm(nullptr, PTC_FLOAT32, x.data(), nullptr, 5, 20, 0, x.data(), rstd.data()));
    }
    CHECK(same_bits(x, y));
  }
  float x = 1;
  CHECK(ptc_rms_norm(nullptr, PTC_FLOAT32, &x, nullptr, 1, 0, 0, &x, &x) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_rms_norm(nullptr, PTC_FLOAT32, &x, nullptr, std::int64_t{1} << 40, 1 << 20, 0, &x, &x) ==
        PTC_INVALID_ARGUMENT);
  CHECK(ptc_rms_norm(nullptr, PTC_FLOAT32, &x, nullptr, 1, 1, -1, &x, &x) == PTC_INVALID_ARGUMENT);
}

TEST("softmax cross-entropy and its gradient are those of double, with one set of bits") {
  for (std::int32_t dtype : kDtypes) {
    for (Shape shape : {Shape{0, 3}, {1, 1}, {2, 3}, {7, 45}, {100, 64}, {3, 50257}}) {
      const int rows = shape.rows, classes = shape.columns;
      auto values = random_floats(static_cast<std::size_t>(rows) * classes, 1);
      for (float& v : values) v = 4 * v + 20;
      Stored logits(dtype, values);
      std::mt19937 random(2);
      std::vector<std::int64_t> labels(rows);
      for (auto& label : labels) label = static_cast<std::int64_t>(random() % (classes + 1)) - 1;
      Stored first(dtype, values.size());
      std::vector<float> first_losses;
      bool ran = false;
      on_every_cpu_and_pool([&](ptc_pool* pool) {
        for (bool in_place : {false, true}) {
          Stored d = in_place ? logits : Stored(dtype, values.size());
          std::vector<float> losses(rows);
          CHECK_OK(ptc_softmax_cross_entropy(pool, dtype, in_place ? d.data() : logits.data(), labels.data(), rows,
                                             classes, 8.0f, losses.data(), d.data()));
          if (!ran) {
            first = d;
            first_losses = losses;
            ran = true;
          }
          CHECK(d.same_as(first) && same_bits(losses, first_losses));
        }
      });
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        for (int c = 0; c < classes; c++) sum += std::exp(static_cast<double>(logits[r * classes + c]));
        bool counts = labels[r] >= 0;
        double loss = counts ? std::log(sum) - logits[r * classes + labels[r]] : 0;
        CHECK(near(first_losses[r], loss, 1e-6, 1e-6 + 2e-6 * (classes > 1000)));
        for (int c = 0; c < classes; c++) {
          double p = std::exp(static_cast<double>(logits[r * classes + c])) / sum;
          double expected = counts ? 8 * (p - (c == labels[r] ? 1 : 0)) : 0;
          CHECK(near(first[r * classes + c], expected, rounding_of(dtype), 16e-6));
        }
      }
    }
  }
}

TEST("softmax cross-entropy stands large logits, and carries NaN and infinity into its row") {
  on_every_cpu([] {
    std::vector<float> logits = {1e30f, 1e30f, -1e30f, 0, kNaN, 1, 3, kInfinity, 2, -kInfinity, 4, 4};
    std::vector<std::int64_t> labels = {0, 1, 0, 2};
    std::vector<float> losses(4), d(12);
    CHECK_OK(ptc_softmax_cross_entropy(nullptr, PTC_FLOAT32, logits.data(), labels.data(), 4, 3, 1, losses.data(),
                                       d.data()));
    CHECK(near(losses[0], std::log(2.0), 1e-6, 0) && d[2] == 0 && near(d[0], -0.5, 1e-6, 0));
    CHECK(std::isnan(losses[1]) && std::isnan(d[3]));
    CHECK(std::isnan(losses[2]) && std::isnan(d[7]));
    CHECK(near(losses[3], std::log(2.0), 1e-6, 0) && d[9] == 0);
  });
  float x[3] = {};
  for (std::int64_t wrong : {-2, 3}) {
    CHECK(ptc_softmax_cross_entropy(nullptr, PTC_FLOAT32, x, &wrong, 1, 3, 1, x, x) == PTC_INVALID_ARGUMENT);
    CHECK(std::strstr(ptc_last_error(), std::to_string(wrong).c_str()) != nullptr);
  }
}

}  // namespace
