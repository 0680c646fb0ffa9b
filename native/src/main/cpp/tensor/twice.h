// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Two vectors as one. Their operations alternate in the program, so that a processor whose schedulers hold only
// a part of one long chain of operations (an exponential, rounds of a random generator) works at two of them.
#pragma once

#include "lanes.h"

namespace partita {
inline namespace PTC_ISA {

template <typename F>
struct Twice {
  F a, b;
  PTC_INLINE Twice(F first, F second) : a(first), b(second) {}
  PTC_INLINE Twice(float x) : a(x), b(x) {}
  PTC_INLINE friend Twice operator+(Twice x, Twice y) { return {x.a + y.a, x.b + y.b}; }
  PTC_INLINE friend Twice operator-(Twice x, Twice y) { return {x.a - y.a, x.b - y.b}; }
  PTC_INLINE friend Twice operator*(Twice x, Twice y) { return {x.a * y.a, x.b * y.b}; }
  PTC_INLINE friend Twice operator/(Twice x, Twice y) { return {x.a / y.a, x.b / y.b}; }
  PTC_INLINE friend Twice larger(Twice x, Twice y) { return {larger(x.a, y.a), larger(x.b, y.b)}; }
  PTC_INLINE friend Twice smaller(Twice x, Twice y) { return {smaller(x.a, y.a), smaller(x.b, y.b)}; }
  PTC_INLINE friend Twice fused(Twice x, Twice y, Twice z) { return {fused(x.a, y.a, z.a), fused(x.b, y.b, z.b)}; }
  PTC_INLINE friend Twice fused_from(Twice x, Twice y, Twice z) {
    return {fused_from(x.a, y.a, z.a), fused_from(x.b, y.b, z.b)};
  }
  PTC_INLINE friend Twice root(Twice x) { return {root(x.a), root(x.b)}; }
  PTC_INLINE friend Twice size_of(Twice x) { return {size_of(x.a), size_of(x.b)}; }
  PTC_INLINE friend Twice two_to(Twice x) { return {two_to(x.a), two_to(x.b)}; }
  PTC_INLINE friend Twice times_two_to(Twice x, Twice y) { return {times_two_to(x.a, y.a), times_two_to(x.b, y.b)}; }
  PTC_INLINE friend Twice begin_of_quarter(Twice x) { return {begin_of_quarter(x.a), begin_of_quarter(x.b)}; }
};

template <typename M>
struct Masks {
  M a, b;
};
template <typename F>
PTC_INLINE inline auto less(Twice<F> x, Twice<F> y) {
  return Masks<decltype(less(x.a, y.a))>{less(x.a, y.a), less(x.b, y.b)};
}
template <typename M, typename F>
PTC_INLINE inline Twice<F> choose(Masks<M> first, Twice<F> x, Twice<F> y) {
  return {choose(first.a, x.a, y.a), choose(first.b, x.b, y.b)};
}

template <typename F>
PTC_INLINE inline auto quarter_of_octave(Twice<F> x) {
  return Masks<decltype(quarter_of_octave(x.a))>{quarter_of_octave(x.a), quarter_of_octave(x.b)};
}
template <typename Q>
PTC_INLINE inline auto lookup(const float* table16, Masks<Q> quarter) {
  return Twice<decltype(lookup(table16, quarter.a))>(lookup(table16, quarter.a), lookup(table16, quarter.b));
}

// Elements from i on, as many as two vectors have.
template <int kWide>
struct WideTwice {
  std::int64_t i;
  PTC_INLINE friend WideTwice operator+(WideTwice at, std::int64_t by) { return {at.i + by}; }
  PTC_INLINE Wide first() const { return {i}; }
  PTC_INLINE Wide second() const { return {i + kWide}; }
};

// As many as four vectors have.
template <int kWide>
struct WideFour {
  std::int64_t i;
  PTC_INLINE WideTwice<kWide> first() const { return {i}; }
  PTC_INLINE WideTwice<kWide> second() const { return {i + 2 * kWide}; }
};

template <typename T>
PTC_INLINE inline void ask_beyond(const T* p, Wide at) {
  __builtin_prefetch(reinterpret_cast<const char*>(p + at.i) + kAheadBytes);
}
template <typename T, int kWide>
PTC_INLINE inline void ask_beyond(const T* p, WideTwice<kWide> at) {
  constexpr int kLine = 64 / sizeof(T);
#pragma GCC unroll 4
  for (int k = 0; k < 2 * kWide; k += kLine) {
    __builtin_prefetch(reinterpret_cast<const char*>(p + at.i + k) + kAheadBytes);
  }
}

template <typename T, int kWide>
PTC_INLINE inline auto load(const T* p, WideTwice<kWide> at) {
  return Twice<decltype(load(p, at.first()))>(load(p, at.first()), load(p, at.second()));
}
template <typename T, int kWide>
PTC_INLINE inline auto load(const T* p, WideFour<kWide> at) {
  return Twice<decltype(load(p, at.first()))>(load(p, at.first()), load(p, at.second()));
}
template <typename T, int kWide, typename F>
PTC_INLINE inline void store(T* p, WideFour<kWide> at, Twice<F> x) {
  store(p, at.first(), x.a);
  store(p, at.second(), x.b);
}
template <typename T, int kWide, typename F>
PTC_INLINE inline void store(T* p, WideTwice<kWide> at, Twice<F> x) {
  store(p, at.first(), x.a);
  store(p, at.second(), x.b);
}
template <typename T, int kWide, typename F>
PTC_INLINE inline void store(T* p, WideTwice<kWide> at, Twice<F> x, bool past_cache) {
  store(p, at.first(), x.a, past_cache);
  store(p, at.second(), x.b, past_cache);
}

}  // namespace PTC_ISA
}  // namespace partita
