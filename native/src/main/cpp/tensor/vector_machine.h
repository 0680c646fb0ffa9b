// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// A machine of lanes.h that takes kWide elements at a time, for any vector type F that has the operations of
// lanes.h and those below. A sum's 32 lanes are kSumLanes / kWide vectors. kTwice: there are registers enough for
// going through elements two vectors at a time.
#pragma once

#include <type_traits>

#include "twice.h"

namespace partita {
inline namespace PTC_ISA {

template <typename F, typename Doubles, int kWide, bool kTwice>
struct VectorMachine : Scratch {
  static constexpr int kVectors = kSumLanes / kWide;

  double sum_of_doubles(const double* values, std::int64_t n) const { return Scalar{}.sum_of_doubles(values, n); }

  template <typename G>
  PTC_INLINE void each(std::int64_t n, const G& f) const {
    std::int64_t i = 0;
    for (; i + 2 * kWide <= n; i += 2 * kWide) {
      if constexpr (kTwice) {
        f(WideTwice<kWide>{i});
      } else {
        f(Wide{i});
        f(Wide{i + kWide});
      }
    }
    if (i + kWide <= n) {
      f(Wide{i});
      i += kWide;
    }
    for (; i < n; i++) f(i);
  }

  // As each(), but with four vectors at a time as far as they go.
  template <typename G>
  PTC_INLINE void each_four(std::int64_t n, const G& f) const {
    std::int64_t i = 0;
    for (; i + 4 * kWide <= n; i += 4 * kWide) f(WideFour<kWide>{i});
    each(n - i, [&](auto rest) PTC_INLINE { f(rest + i); });
  }

  template <typename G>
  PTC_INLINE float sum(std::int64_t n, const G& f) const {
    return sums(n, [&](auto i) PTC_INLINE {
             auto x = f(i);
             return Pair<decltype(x)>{x, decltype(x)(0.0f)};
           })
        .first;
  }

  template <typename G>
  PTC_INLINE Pair<float> sums(std::int64_t n, const G& f) const {
    F first[kVectors] = {}, second[kVectors] = {};
    std::int64_t i = 0;
    for (; i + kSumLanes <= n; i += kSumLanes) {
#pragma GCC unroll 4
      for (int k = 0; k < kVectors; k += 2) {
        Pair<Twice<F>> x = f(WideTwice<kWide>{i + k * kWide});
        first[k] = first[k] + x.first.a;
        first[k + 1] = first[k + 1] + x.first.b;
        second[k] = second[k] + x.second.a;
        second[k + 1] = second[k + 1] + x.second.b;
      }
    }
    if (i < n) {
      alignas(64) float lane[2][kSumLanes];
      for (int k = 0; k < kVectors; k++) {
        store(lane[0], Wide{k * kWide}, first[k]);
        store(lane[1], Wide{k * kWide}, second[k]);
      }
      for (; i < n; i++) {
        Pair<float> x = f(i);
        lane[0][i % kSumLanes] += x.first;
        lane[1][i % kSumLanes] += x.second;
      }
      for (int k = 0; k < kVectors; k++) {
        first[k] = F::at(lane[0] + k * kWide);
        second[k] = F::at(lane[1] + k * kWide);
      }
    }
    return {fold(first), fold(second)};
  }

  template <typename G>
  PTC_INLINE double sum_of_squares(std::int64_t n, const G& f) const {
    Doubles sum[kVectors];
    std::int64_t i = 0;
    for (; i + kSumLanes <= n; i += kSumLanes) {
#pragma GCC unroll 4
      for (int k = 0; k < kVectors; k++) sum[k].add_square(f(Wide{i + k * kWide}));
    }
    alignas(64) double lane[kSumLanes];
    for (int k = 0; k < kVectors; k++) sum[k].store(lane + k * kWide);
    for (; i < n; i++) {
      double x = f(i);
      lane[i % kSumLanes] += x * x;
    }
    return fold_lanes(lane);
  }

  template <typename G>
  PTC_INLINE float largest(std::int64_t n, const G& f) const {
    F m[4] = {F(-HUGE_VALF), F(-HUGE_VALF), F(-HUGE_VALF), F(-HUGE_VALF)};
    std::int64_t i = 0;
    for (; i + 4 * kWide <= n; i += 4 * kWide) {
#pragma GCC unroll 4
      for (int k = 0; k < 4; k++) m[k] = larger(m[k], f(Wide{i + k * kWide}));
    }
    for (; i + kWide <= n; i += kWide) m[0] = larger(m[0], f(Wide{i}));
    float most = largest_of(larger(larger(m[0], m[1]), larger(m[2], m[3])));
    for (; i < n; i++) most = larger(most, f(i));
    return most;
  }

  template <typename G>
  PTC_INLINE void once(const G& f) const {
    f();
  }
  PTC_INLINE void meet() const {}
  // Asks for the line of p's element i, which is wanted soon; later: into the second cache. It need not exist.
  template <typename T, typename At>
  PTC_INLINE void ahead(const T* p, At i) const {
    for_lines(p, i, [](const T* line) PTC_INLINE { __builtin_prefetch(line); });
  }
  template <typename T, typename At>
  PTC_INLINE void far_ahead(const T* p, At i) const {
    for_lines(p, i, [](const T* line) PTC_INLINE { __builtin_prefetch(line, 0, 2); });
  }

 private:
  template <typename T, typename At, typename G>
  PTC_INLINE static void for_lines(const T* p, At i, const G& f) {
    constexpr int kLine = 64 / sizeof(T);
    if constexpr (std::is_same_v<At, Wide>) f(p + i.i);
    if constexpr (std::is_same_v<At, WideTwice<kWide>>) {
      for (int k = 0; k < 2 * kWide; k += kLine) f(p + i.i + k);
    }
    if constexpr (std::is_same_v<At, WideFour<kWide>>) {
      for (int k = 0; k < 4 * kWide; k += kLine) f(p + i.i + k);
    }
  }
};

}  // namespace PTC_ISA
}  // namespace partita
