// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// exp, log and the normal distribution, of a float or of eight (V is float or F8): with IEEE operations
// only, because libm differs between machines and does not exist for vectors. Errors are those found
// against double over the whole range (tests/float_functions_test.cpp).
#pragma once

#include "lanes.h"

namespace partita {
inline namespace PTC_ISA {

// e^x within 1.5 units in the last place, subnormal results included; e^NaN is NaN. Reduction by
// n ln 2 in two parts (Cody and Waite 1980), polynomial of S. Moshier's Cephes.
template <typename V>
PTC_BOTH PTC_INLINE inline V exponential(V x) {
  const V kShift(12582912.0f);  // 1.5 * 2^23: adding it rounds to a whole number, ties to even
  x = smaller(V(89.0f), larger(V(-104.0f), x));
  V shifted = x * V(1.44269504f) + kShift;
  V n = shifted - kShift;
  V r = (x - n * V(0.693359375f)) - n * V(-2.12194440e-4f);
  V p = V(1.9875691500e-4f) * r + V(1.3981999507e-3f);
  p = p * r + V(8.3334519073e-3f);
  p = p * r + V(4.1665795894e-2f);
  p = p * r + V(1.6666665459e-1f);
  p = p * r + V(5.0000001201e-1f);
  p = ((p * (r * r)) + r) + V(1.0f);
  // 2^n in two factors, for n beyond the exponents of normal numbers
  V half = (n * V(0.5f)) + kShift;
  return (p * two_to(half)) * two_to((n - (half - kShift)) + kShift);
}

// 1 / (1 + e^-x), within 3 units in the last place.
template <typename V>
PTC_BOTH PTC_INLINE inline V sigmoid(V x) {
  return V(1.0f) / (V(1.0f) + exponential(V(0.0f) - x));
}

template <typename V>
struct Normal {
  V below;    // P(X <= x)
  V density;  // its derivative
};

// The standard normal distribution: Q(a) = e^(-a^2/2) R(t), t = 1 / (1 + 0.35 a), R fitted for the
// smallest relative error. Relative error of `below` 6e-7 for x >= -4, 5e-6 down to -13.
template <typename V>
PTC_BOTH PTC_INLINE inline Normal<V> normal(V x) {
  V a = size_of(x);
  V e = exponential((a * V(-0.5f)) * a);
  V t = V(1.0f) / (V(1.0f) + V(0.35f) * a);
  V p = V(-0.028861364f) * t + V(0.14268172f);
  p = p * t + V(-0.25325006f);
  p = p * t + V(0.1565939f);
  p = p * t + V(-0.021497933f);
  p = p * t + V(0.1048967f);
  p = p * t + V(0.11996912f);
  p = p * t + V(0.13984573f);
  p = p * t + V(0.13962218f);
  V tail = (p * t) * e;
  return {choose(less(x, V(0.0f)), tail, V(1.0f) - tail), e * V(0.39894228f)};
}

// Natural logarithm of one positive normal number or infinity; NaN otherwise. Within 1 unit in the last
// place; polynomial of Cephes on [sqrt(1/2), sqrt(2)).
PTC_BOTH inline float logarithm(float x) {
  if (!(x >= 1.17549435e-38f)) return float_of(0x7FC00000u);
  if (x > 3.40282347e38f) return x;
  float n = exponent_of(x), m = mantissa_of(x);
  if (m < 0.707106781f) {
    n = n - 1.0f;
    m = m + m;
  }
  m = m - 1.0f;
  float square = m * m;
  float p = 7.0376836292e-2f * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  p = p * m * square;
  p = p + -2.12194440e-4f * n;
  p = p - 0.5f * square;
  return (m + p) + 0.693359375f * n;
}

}  // namespace PTC_ISA
}  // namespace partita
