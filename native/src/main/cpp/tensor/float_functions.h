// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// exp, log and the normal distribution, of a float or of eight (V is float or F8): with IEEE operations
// only, because libm differs between machines and does not exist for vectors. Errors are those found
// against double over the whole range (tests/float_functions_test.cpp). What is fused is fused on every
// machine: the compilers are told to fuse nothing by themselves.
#pragma once

#include "lanes.h"

namespace partita {
inline namespace PTC_ISA {

// e^x for x <= 0 (and NaN) within 1 unit in the last place; 0 where it would be subnormal. Reduction by n ln 2
// in two parts (Cody and Waite 1980), the polynomial of S. Moshier's Cephes, evaluated in pairs (Estrin) so
// that the processor waits less for one operation after the other.
template <typename V>
PTC_BOTH PTC_INLINE inline V exponential(V x) {
  const V kShift(12582912.0f);  // 1.5 * 2^23: adding it rounds to a whole number, ties to even
  V shifted = fused(x, V(1.44269504f), kShift);
  V n = shifted - kShift;
  V r = fused(n, V(2.12194440e-4f), fused(n, V(-0.693359375f), x));
  V r2 = r * r;
  V high = fused(V(1.9875691500e-4f), r, V(1.3981999507e-3f));
  V middle = fused(V(8.3334519073e-3f), r, V(4.1665795894e-2f));
  V low = fused(V(1.6666665459e-1f), r, V(5.0000001201e-1f));
  V p = fused(fused(fused(high, r2, middle), r2, low), r2, r) + V(1.0f);
  return choose(less(x, V(-87.33654f)), V(0.0f), p * two_to(shifted));
}

// 1 / (1 + e^-x) within 3 units in the last place; 0 below -87.
template <typename V>
PTC_BOTH PTC_INLINE inline V sigmoid(V x) {
  V e = exponential(V(0.0f) - size_of(x));
  return choose(less(x, V(0.0f)), e, V(1.0f)) / (V(1.0f) + e);
}

template <typename V>
struct Normal {
  V below;    // P(X <= x)
  V density;  // its derivative
};

// The standard normal distribution: Q(a) = e^(-a^2/2) R(t), t = 1 / (1 + 0.35 a), R fitted for the
// smallest relative error. Relative error of `below` 1e-6 for x >= -4, 5e-6 down to -13, then 0.
template <typename V>
PTC_BOTH PTC_INLINE inline Normal<V> normal(V x) {
  V a = size_of(x);
  V e = exponential((a * V(-0.5f)) * a);
  V t = V(1.0f) / fused(V(0.35f), a, V(1.0f));
  V t2 = t * t;
  V p01 = fused(V(0.13984573f), t, V(0.13962218f));
  V p23 = fused(V(0.1048967f), t, V(0.11996912f));
  V p45 = fused(V(0.1565939f), t, V(-0.021497933f));
  V p67 = fused(V(0.14268172f), t, V(-0.25325006f));
  V t4 = t2 * t2;
  V p47 = fused(fused(V(-0.028861364f), t2, p67), t2, p45);
  V p = fused(p47, t4, fused(p23, t2, p01));
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
