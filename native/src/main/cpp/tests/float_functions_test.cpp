// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "float_functions.h"

#include "tensors.h"

namespace {

using namespace partita;
using namespace partita::tests;

// Every `stride`-th float between two.
template <typename F>
void for_floats(float from, float to, std::uint32_t stride, const F& f) {
  for (std::uint32_t bits = bits_of(from); bits <= bits_of(to); bits += stride) f(float_of(bits));
}

double in_last_places(float got, double expected) {
  if (static_cast<double>(got) == expected) return 0;
  int exponent = std::max(std::ilogb(expected), -126);
  return std::fabs(got - expected) / std::ldexp(1.0, exponent - 23);
}

TEST("the exponential function below 0 is within one unit in the last place, and 0 where it would be subnormal") {
  double worst = 0;
  for_floats(1e-10f, 120.0f, 1013, [&](float size) {
    double expected = std::exp(static_cast<double>(-size));
    if (expected >= 1.1754944e-38) {
      worst = std::max(worst, in_last_places(exponential(-size), expected));
    } else {
      CHECK(exponential(-size) <= 1.1754944e-38f);
    }
  });
  CHECK(worst < 1.0);
  CHECK(exponential(0.0f) == 1.0f && exponential(-kInfinity) == 0.0f && exponential(-100.0f) == 0.0f);
  CHECK(std::isnan(exponential(kNaN)) && std::isnan(exponential(float_of(0xFFC00137u))));
}

TEST("the logarithm is within one unit in the last place") {
  double worst = 0;
  for_floats(1.2e-38f, 3.4e38f, 9973, [&](float x) {
    double expected = std::log(static_cast<double>(x));
    double error = std::fabs(expected) < 1e-2 ? std::fabs(logarithm(x) - expected) / 1e-9
                                              : in_last_places(logarithm(x), expected);
    worst = std::max(worst, error);
  });
  CHECK(worst < 1.0);
  CHECK(logarithm(1.0f) == 0.0f && logarithm(kInfinity) == kInfinity);
  CHECK(std::isnan(logarithm(-1.0f)) && std::isnan(logarithm(kNaN)) && std::isnan(logarithm(0.0f)));
}

TEST("sigmoid and the normal distribution have the errors that their comments state") {
  double sigmoid_worst = 0, near_worst = 0, far_worst = 0, density_worst = 0;
  for (float sign : {1.0f, -1.0f}) {
    for_floats(1e-8f, 12.9f, 1013, [&](float size) {
      float x = sign * size;
      double d = x;
      sigmoid_worst = std::max(sigmoid_worst, in_last_places(sigmoid(x), 1 / (1 + std::exp(-d))));
      double tail = 0.5 * std::erfc(size * std::sqrt(0.5));
      double relative = std::fabs(normal(x).tail / tail - 1);
      (size <= 4 ? near_worst : far_worst) = std::max(size <= 4 ? near_worst : far_worst, relative);
      double density = std::exp(-d * d / 2) / std::sqrt(2 * M_PI);
      if (size < 4) density_worst = std::max(density_worst, std::fabs(normal(x).density / density - 1));
    });
  }
  CHECK(sigmoid_worst < 2);
  CHECK(near_worst < 1e-6);
  CHECK(far_worst < 5e-6);
  CHECK(density_worst < 1e-6);
  CHECK(normal(-kInfinity).tail < 3e-38f && normal(kInfinity).tail < 3e-38f && normal(kInfinity).size == 12.9f);
  CHECK(std::isnan(normal(kNaN).tail));
}

}  // namespace
