// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// exp, log and the normal distribution, of a float or of a vector (V is float, F8 or F16): with IEEE operations
// only, because libm differs between machines and does not exist for vectors. Errors are those found
// against double over the whole range (tests/float_functions_test.cpp). What is fused is fused on every
// machine: the compilers are told to fuse nothing by themselves.
#pragma once

#include "lanes.h"

namespace partita {
inline namespace PTC_ISA {

template <typename V>
struct Power {
  V fraction;  // in [0.7, 1.42]
  V shifted;   // the exponent of two, as two_to takes it
};

// e^x for kSign 1, e^-x for kSign -1, of |x| <= 87.3. Reduction by n ln 2 in two parts (Cody and Waite 1980); the
// polynomial has the smallest relative error, 3.1e-9, among those that begin with 1 + r.
template <int kSign, typename V>
PTC_BOTH PTC_INLINE inline Power<V> power_of_e(V x) {
  V shifted = fused(x, V(kSign * 1.44269504f), V(kTwoTo));  // rounds to a whole number, ties to even
  V n = shifted - V(kTwoTo);
  V r = fused(n, V(kSign * 2.12194440e-4f), fused(n, V(kSign * -0.693359375f), x));
  V r2 = r * r;
  V high = fused(V(1.38144672e-3f), r2, fused(V(kSign * 8.36878084e-3f), r, V(4.16683927e-2f)));
  V low = fused(V(kSign * 1.66665196e-1f), r, V(0.49999994f));
  V p = fused(fused(high, r2, low), r2, V(kSign * 1.0f) * r);
  return {V(1.0f) + p, shifted};
}

// e^x for x <= 0 (and NaN) within 1 unit in the last place; 0 where it would be subnormal.
template <typename V>
PTC_BOTH PTC_INLINE inline V exponential(V x) {
  Power<V> e = power_of_e<1>(x);
  return choose(less(x, V(-87.33654f)), V(0.0f), e.fraction * two_to(e.shifted));
}

// 1 + e^-x within 1 unit in the last place; for x beyond 87 as for 87.
template <typename V>
PTC_BOTH PTC_INLINE inline V one_and_exponential_of_minus(V x) {
  Power<V> e = power_of_e<-1>(smaller(V(87.0f), larger(V(-87.0f), x)));
  return fused(e.fraction, two_to(e.shifted), V(1.0f));
}

// 1 / (1 + e^-x) within 2 units in the last place; 1.6e-38 below -87.
template <typename V>
PTC_BOTH PTC_INLINE inline V sigmoid(V x) {
  return V(1.0f) / one_and_exponential_of_minus(x);
}

template <typename V>
struct Normal {
  V size;     // |x|, but 12.9 at most
  V tail;     // P(X > size)
  V density;  // at size
};

// tail / e^(-a^2/2) on the sixteen quarters of octaves of 1 + a, from 1 on: [1, 1.25), [1.25, 1.5) … [14, 16). Each has its
// own polynomial of the distance from the quarter's begin, fitted for the smallest relative error, 8.3e-8 at most, and
// for what the constant below lacks to log2(e) / 2. Power by power, in the order of quarter_of_octave, where 1 comes as
// the twelfth.
PTC_TABLE float kTailOverPower[6][16] = {
    {0.261578292f, 0.205780655f, 0.168101996f, 0.14133133f, 0.121513933f, 0.0944106281f, 0.0769192949f,
     0.0647792965f, 0.0558934584f, 0.0437987633f, 0.0359748602f, 0.0305093806f, 0.5f, 0.414032102f, 0.349618822f,
     0.30023247f},
    {-0.13736324f, -0.0902710035f, -0.0627381653f, -0.0456139036f, -0.0343998782f, -0.0212995671f, -0.0143457102f,
     -0.0102663795f, -0.00768773817f, -0.00475314446f, -0.00321848574f, -0.00231989054f, -0.398941994f,
     -0.295434117f, -0.224132776f, -0.173767895f},
    {0.0620897338f, 0.0351803564f, 0.0213100705f, 0.0136470636f, 0.00914972648f, 0.00460412074f, 0.00259469752f,
     0.00159026554f, 0.00103808427f, 0.000509851787f, 0.000285656977f, 0.00017538575f, 0.249986827f, 0.170079648f,
     0.118772238f, 0.084950991f},
    {-0.0249347277f, -0.0124405371f, -0.00668130955f, -0.00382106681f, -0.00228156243f, -0.000950977847f,
     -0.000454009161f, -0.000240277557f, -0.000135914626f, -5.3642194e-05f, -2.50262819e-05f, -1.31378074e-05f,
     -0.132754654f, -0.0841819048f, -0.0548468828f, -0.036645446f},
    {0.00865101535f, 0.00388475135f, 0.00188447302f, 0.000977572287f, 0.000497074449f, 0.000177052745f,
     7.32381232e-05f, 3.40249062e-05f, 1.57917293e-05f, 5.17154967e-06f, 2.05184415e-06f, 9.34359662e-07f,
     0.0607205629f, 0.036290586f, 0.0222945884f, 0.0140543133f},
    {-0.00199307129f, -0.000831482292f, -0.000375066651f, -0.000181200987f, -6.86686908e-05f, -2.19664435e-05f,
     -8.20949663e-06f, -3.4679706e-06f, -1.15341743e-06f, -3.32189018e-07f, -1.17376423e-07f, -4.81225051e-08f,
     -0.0199398082f, -0.0114059579f, -0.00670574792f, -0.00404564524f},
};

// The standard normal distribution at a size of 0 to 12.9: tail = e^(-a^2/2) R(a). Relative error of `tail` 1e-6 for
// a <= 4, 5e-6 up to 12.9, where it is 2e-38. e^(-a^2/2) is 2^n 2^f with |f| <= 1/2, by a polynomial within 9.1e-8.
template <typename V>
PTC_BOTH PTC_INLINE inline Normal<V> normal_at(V a) {
  const V square = a * a;
  const V shifted = fused(square, V(-0.72134752f), V(kWhole));
  const V f = fused(square, V(-0.72134752f), V(kWhole) - shifted);
  V power = fused(V(1.32646536e-3f), f, V(9.67151392e-3f));
  power = fused(power, f, V(5.55073358e-2f));
  power = fused(power, f, V(0.24022242f));
  power = fused(power, f, V(0.69314698f));
  power = times_two_to(fused(power, f, V(1.0f)), shifted);
  const V z = a + V(1.0f);
  const auto quarter = quarter_of_octave(z);
  const V u = z - begin_of_quarter(z);
  V ratio = lookup(kTailOverPower[5], quarter);
PTC_UNROLL(5)
  for (int k = 4; k >= 0; k--) ratio = fused(ratio, u, lookup(kTailOverPower[k], quarter));
  return {a, ratio * power, power * V(0.39894228f)};
}

template <typename V>
PTC_BOTH PTC_INLINE inline Normal<V> normal(V x) {
  return normal_at(smaller(V(12.9f), size_of(x)));
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
