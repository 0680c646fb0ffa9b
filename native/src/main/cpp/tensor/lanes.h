// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// A kernel is written once, over `at`, which is either one element (std::int64_t) or a vector of them (Wide):
// load() gives a float, an F8 or an F16, and the operations below exist for each. Four paths run it: Scalar
// here (the reference), Avx2 in lanes_avx2.h, Avx512 in lanes_avx512.h, Warp in cuda/launch.h.
//
// Same bits on all of them: every operation is an IEEE one, nothing is contracted, and a sum over a row
// runs in 32 lanes, element i in lane i mod 32, which are then folded: l + (l + 16), + 8, + 4, + 2, + 1.
// Which NaN comes out of a NaN is not defined.
#pragma once

#include <cmath>
#include <cstdint>

#include "dtype.h"

#if defined(__CUDACC__)
#define PTC_INLINE
#else
// On lambdas too: a call that is not inlined would spill vectors.
#define PTC_INLINE __attribute__((always_inline))
#endif

namespace partita {
inline namespace PTC_ISA {

constexpr int kSumLanes = 32;

// Elements from i on, as many as a vector has.
struct Wide {
  std::int64_t i;
  PTC_INLINE friend Wide operator+(Wide at, std::int64_t by) { return {at.i + by}; }
};

// ---- one element -------------------------------------------------------------------------------

template <typename T>
PTC_BOTH PTC_INLINE inline float load(const T* p, std::int64_t i) {
  return to_float(p[i]);
}
PTC_BOTH PTC_INLINE inline void store(float* p, std::int64_t i, float x) { p[i] = x; }
PTC_BOTH PTC_INLINE inline void store(BFloat16* p, std::int64_t i, float x) { p[i] = to_bfloat16(x); }
PTC_BOTH PTC_INLINE inline void store(Float16* p, std::int64_t i, float x) { p[i] = to_float16(x); }
// past_cache: not to be read again soon, so it need not pass through the cache.
template <typename T>
PTC_BOTH PTC_INLINE inline void store(T* p, std::int64_t i, float x, bool /*past_cache*/) {
  store(p, i, x);
}

// Asks for what lies 4 KiB after element i, which need not exist. Where much is computed on an element, the processor's own
// prefetcher sees too little of the stream.
constexpr std::int64_t kAheadBytes = 4096;
template <typename T>
PTC_BOTH PTC_INLINE inline void ask_beyond(const T*, std::int64_t) {}

// NaN in b comes out; NaN in a does not.
PTC_BOTH inline float larger(float a, float b) { return a > b ? a : b; }
PTC_BOTH inline float smaller(float a, float b) { return a < b ? a : b; }
PTC_BOTH inline bool less(float a, float b) { return a < b; }
PTC_BOTH inline float choose(bool first, float a, float b) { return first ? a : b; }
// a * b + c, rounded once. Without FMA instructions this is a slow function, with the same bits.
PTC_BOTH inline float fused(float a, float b, float c) { return fmaf(a, b, c); }
// c - a * b, rounded once.
PTC_BOTH inline float fused_from(float c, float a, float b) { return fmaf(-a, b, c); }
PTC_BOTH inline float root(float x) { return sqrtf(x); }
PTC_BOTH inline float size_of(float x) { return float_of(bits_of(x) & 0x7FFFFFFFu); }
// 2^n for a whole n from -126 to 127, given as n + kTwoTo.
constexpr float kTwoTo = 12583039.0f;  // 1.5 * 2^23 + 127
PTC_BOTH inline float two_to(float shifted) { return float_of(bits_of(shifted) << 23); }
// x * 2^n for a whole n given as n + kWhole, where x and the result are normal.
constexpr float kWhole = 12582912.0f;  // 1.5 * 2^23
PTC_BOTH inline float times_two_to(float x, float shifted) { return float_of(bits_of(x) + (bits_of(shifted) << 23)); }
// Which quarter of its octave a positive normal number lies in, counted through four octaves and then again from 0;
// where that quarter begins; the entry for it.
PTC_BOTH inline std::uint32_t quarter_of_octave(float x) { return bits_of(x) >> 21 & 15u; }
PTC_BOTH inline float begin_of_quarter(float x) { return float_of(bits_of(x) & 0xFFE00000u); }
PTC_BOTH inline float lookup(const float* table16, std::uint32_t quarter) { return table16[quarter]; }
// Exponent of a positive normal number as a float, and what is left of it, in [0.5, 1).
PTC_BOTH inline float exponent_of(float x) {
  return static_cast<float>(static_cast<std::int32_t>(bits_of(x) >> 23) - 126);
}
PTC_BOTH inline float mantissa_of(float x) { return float_of((bits_of(x) & 0x007FFFFFu) | 0x3F000000u); }

// ---- 32 lanes ----------------------------------------------------------------------------------

template <typename T>
PTC_BOTH inline T fold_lanes(T* lane) {
  for (int half = kSumLanes / 2; half > 0; half /= 2) {
    for (int l = 0; l < half; l++) lane[l] = lane[l] + lane[l + half];
  }
  return lane[0];
}

template <typename V>
struct Pair {
  V first, second;
};

// Where a machine may leave a row's values in float32 between two looks at it; null: nowhere.
struct Scratch {
  float* scratch = nullptr;
};

struct Scalar : Scratch {
  // f(i) for 0 <= i < n
  template <typename F>
  PTC_BOTH void each(std::int64_t n, const F& f) const {
    for (std::int64_t i = 0; i < n; i++) f(i);
  }
  template <typename F>
  PTC_BOTH void each_four(std::int64_t n, const F& f) const {
    each(n, f);
  }
  template <typename F>
  PTC_BOTH float sum(std::int64_t n, const F& f) const {
    float lane[kSumLanes] = {};
    for (std::int64_t i = 0; i < n; i++) lane[i % kSumLanes] += f(i);
    return fold_lanes(lane);
  }
  // Two sums in one pass; f gives a Pair.
  template <typename F>
  PTC_BOTH Pair<float> sums(std::int64_t n, const F& f) const {
    float first[kSumLanes] = {}, second[kSumLanes] = {};
    for (std::int64_t i = 0; i < n; i++) {
      Pair<float> x = f(i);
      first[i % kSumLanes] += x.first;
      second[i % kSumLanes] += x.second;
    }
    return {fold_lanes(first), fold_lanes(second)};
  }
  // Sum of squares in double: no gradient in float32 overflows it.
  template <typename F>
  PTC_BOTH double sum_of_squares(std::int64_t n, const F& f) const {
    double lane[kSumLanes] = {};
    for (std::int64_t i = 0; i < n; i++) {
      double x = f(i);
      lane[i % kSumLanes] += x * x;
    }
    return fold_lanes(lane);
  }
  PTC_BOTH double sum_of_doubles(const double* values, std::int64_t n) const {
    double lane[kSumLanes] = {};
    for (std::int64_t i = 0; i < n; i++) lane[i % kSumLanes] += values[i];
    return fold_lanes(lane);
  }
  template <typename F>
  PTC_BOTH float largest(std::int64_t n, const F& f) const {
    float most = -HUGE_VALF;
    for (std::int64_t i = 0; i < n; i++) most = larger(most, f(i));
    return most;
  }
  // Once a row, by whoever is there.
  template <typename F>
  PTC_BOTH void once(const F& f) const {
    f();
  }
  // Nobody goes on before all lanes have come here and see what the others wrote.
  PTC_BOTH void meet() const {}
  template <typename T>
  PTC_BOTH void ahead(const T*, std::int64_t) const {}
  template <typename T>
  PTC_BOTH void far_ahead(const T*, std::int64_t) const {}
};

}  // namespace PTC_ISA
}  // namespace partita
