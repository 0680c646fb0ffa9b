// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Eight elements at a time: the operations of lanes.h on vectors, with the same bits.
// Include only in files compiled with -mavx2 -mfma -mf16c.
#pragma once

#include <immintrin.h>

#include "lanes.h"

namespace partita {
inline namespace PTC_ISA {

// Elements i to i + 7.
struct Wide {
  std::int64_t i;
  PTC_INLINE friend Wide operator+(Wide at, std::int64_t by) { return {at.i + by}; }
};

struct F8 {
  __m256 v;
  PTC_INLINE F8(__m256 vector) : v(vector) {}
  PTC_INLINE F8(float x) : v(_mm256_set1_ps(x)) {}
  PTC_INLINE friend F8 operator+(F8 a, F8 b) { return _mm256_add_ps(a.v, b.v); }
  PTC_INLINE friend F8 operator-(F8 a, F8 b) { return _mm256_sub_ps(a.v, b.v); }
  PTC_INLINE friend F8 operator*(F8 a, F8 b) { return _mm256_mul_ps(a.v, b.v); }
  PTC_INLINE friend F8 operator/(F8 a, F8 b) { return _mm256_div_ps(a.v, b.v); }
};
struct M8 {
  __m256 v;
};
struct U8 {
  __m256i v;
  PTC_INLINE U8(__m256i vector) : v(vector) {}
  PTC_INLINE U8(std::uint32_t x) : v(_mm256_set1_epi32(static_cast<int>(x))) {}
  PTC_INLINE friend U8 operator+(U8 a, U8 b) { return _mm256_add_epi32(a.v, b.v); }
  PTC_INLINE friend U8 operator-(U8 a, U8 b) { return _mm256_sub_epi32(a.v, b.v); }
  PTC_INLINE friend U8 operator&(U8 a, U8 b) { return _mm256_and_si256(a.v, b.v); }
  PTC_INLINE friend U8 operator|(U8 a, U8 b) { return _mm256_or_si256(a.v, b.v); }
  PTC_INLINE friend U8 operator^(U8 a, U8 b) { return _mm256_xor_si256(a.v, b.v); }
};

PTC_INLINE inline F8 load(const float* p, Wide at) { return _mm256_loadu_ps(p + at.i); }
PTC_INLINE inline F8 load(const BFloat16* p, Wide at) {
  __m128i bits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + at.i));
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16));
}
PTC_INLINE inline F8 load(const Float16* p, Wide at) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p + at.i)));
}

PTC_INLINE inline __m128i pack_bfloat16(F8 x) {
  __m256i bits = _mm256_castps_si256(x.v);
  __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  __m256i rounded = _mm256_add_epi32(_mm256_add_epi32(bits, _mm256_set1_epi32(0x7FFF)), odd);
  __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
  __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(x.v, x.v, _CMP_UNORD_Q));
  __m256i high = _mm256_srli_epi32(_mm256_blendv_epi8(rounded, quiet, nan), 16);
  __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(high, high), 0x08);
  return _mm256_castsi256_si128(packed);
}
PTC_INLINE inline __m128i pack_float16(F8 x) { return _mm256_cvtps_ph(x.v, _MM_FROUND_TO_NEAREST_INT); }

PTC_INLINE inline void store(float* p, Wide at, F8 x) { _mm256_storeu_ps(p + at.i, x.v); }
PTC_INLINE inline void store(BFloat16* p, Wide at, F8 x) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p + at.i), pack_bfloat16(x));
}
PTC_INLINE inline void store(Float16* p, Wide at, F8 x) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p + at.i), pack_float16(x));
}
// Past the cache, the address must be a multiple of the vector (32 bytes of float32, 16 of the others).
PTC_INLINE inline void store(float* p, Wide at, F8 x, bool past_cache) {
  if (past_cache) {
    _mm256_stream_ps(p + at.i, x.v);
  } else {
    store(p, at, x);
  }
}
PTC_INLINE inline void store(BFloat16* p, Wide at, F8 x, bool past_cache) {
  __m128i packed = pack_bfloat16(x);
  auto* to = reinterpret_cast<__m128i*>(p + at.i);
  past_cache ? _mm_stream_si128(to, packed) : _mm_storeu_si128(to, packed);
}
PTC_INLINE inline void store(Float16* p, Wide at, F8 x, bool past_cache) {
  __m128i packed = pack_float16(x);
  auto* to = reinterpret_cast<__m128i*>(p + at.i);
  past_cache ? _mm_stream_si128(to, packed) : _mm_storeu_si128(to, packed);
}

PTC_INLINE inline F8 larger(F8 a, F8 b) { return _mm256_max_ps(a.v, b.v); }
PTC_INLINE inline F8 smaller(F8 a, F8 b) { return _mm256_min_ps(a.v, b.v); }
PTC_INLINE inline M8 less(F8 a, F8 b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)}; }
PTC_INLINE inline F8 choose(M8 first, F8 a, F8 b) { return _mm256_blendv_ps(b.v, a.v, first.v); }
PTC_INLINE inline F8 fused(F8 a, F8 b, F8 c) { return _mm256_fmadd_ps(a.v, b.v, c.v); }
PTC_INLINE inline F8 root(F8 x) { return _mm256_sqrt_ps(x.v); }
PTC_INLINE inline F8 size_of(F8 x) {
  return _mm256_and_ps(x.v, _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF)));
}
PTC_INLINE inline F8 two_to(F8 shifted) {
  __m256i n = _mm256_add_epi32(_mm256_castps_si256(shifted.v), _mm256_set1_epi32(127));
  return _mm256_castsi256_ps(_mm256_slli_epi32(n, 23));
}

PTC_INLINE inline float fold(F8 a0, F8 a1, F8 a2, F8 a3) {
  alignas(32) float lane[kSumLanes];
  _mm256_store_ps(lane, ((a0 + a2) + (a1 + a3)).v);
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

struct Avx2 {
  double sum_of_doubles(const double* values, std::int64_t n) const { return Scalar{}.sum_of_doubles(values, n); }

  template <typename F>
  PTC_INLINE void each(std::int64_t n, const F& f) const {
    std::int64_t i = 0;
    for (; i + 16 <= n; i += 16) {
      f(Wide{i});
      f(Wide{i + 8});
    }
    if (i + 8 <= n) {
      f(Wide{i});
      i += 8;
    }
    for (; i < n; i++) f(i);
  }

  template <typename F>
  PTC_INLINE float sum(std::int64_t n, const F& f) const {
    F8 a0(0.0f), a1(0.0f), a2(0.0f), a3(0.0f);
    std::int64_t i = 0;
    for (; i + 32 <= n; i += 32) {
      a0 = a0 + f(Wide{i});
      a1 = a1 + f(Wide{i + 8});
      a2 = a2 + f(Wide{i + 16});
      a3 = a3 + f(Wide{i + 24});
    }
    if (i == n) return fold(a0, a1, a2, a3);
    alignas(32) float lane[kSumLanes];
    store(lane, Wide{0}, a0);
    store(lane, Wide{8}, a1);
    store(lane, Wide{16}, a2);
    store(lane, Wide{24}, a3);
    for (; i + 8 <= n; i += 8) store(lane, Wide{i % kSumLanes}, load(lane, Wide{i % kSumLanes}) + f(Wide{i}));
    for (; i < n; i++) lane[i % kSumLanes] += f(i);
    return fold(load(lane, Wide{0}), load(lane, Wide{8}), load(lane, Wide{16}), load(lane, Wide{24}));
  }

  template <typename F>
  PTC_INLINE double sum_of_squares(std::int64_t n, const F& f) const {
    __m256d a[8];
    for (auto& x : a) x = _mm256_setzero_pd();
    std::int64_t i = 0;
    for (; i + 32 <= n; i += 32) {
      for (int k = 0; k < 4; k++) {
        F8 x = f(Wide{i + 8 * k});
        __m256d low = _mm256_cvtps_pd(_mm256_castps256_ps128(x.v));
        __m256d high = _mm256_cvtps_pd(_mm256_extractf128_ps(x.v, 1));
        a[2 * k] = _mm256_add_pd(a[2 * k], _mm256_mul_pd(low, low));
        a[2 * k + 1] = _mm256_add_pd(a[2 * k + 1], _mm256_mul_pd(high, high));
      }
    }
    alignas(32) double lane[kSumLanes];
    for (int k = 0; k < 8; k++) _mm256_store_pd(lane + 4 * k, a[k]);
    for (; i < n; i++) {
      double x = f(i);
      lane[i % kSumLanes] += x * x;
    }
    return fold_lanes(lane);
  }

  template <typename F>
  PTC_INLINE float largest(std::int64_t n, const F& f) const {
    F8 m0(-HUGE_VALF), m1 = m0, m2 = m0, m3 = m0;
    std::int64_t i = 0;
    for (; i + 32 <= n; i += 32) {
      m0 = larger(m0, f(Wide{i}));
      m1 = larger(m1, f(Wide{i + 8}));
      m2 = larger(m2, f(Wide{i + 16}));
      m3 = larger(m3, f(Wide{i + 24}));
    }
    for (; i + 8 <= n; i += 8) m0 = larger(m0, f(Wide{i}));
    m0 = larger(larger(m0, m1), larger(m2, m3));
    alignas(32) float lane[8];
    _mm256_store_ps(lane, m0.v);
    float most = lane[0];
    for (int l = 1; l < 8; l++) most = larger(most, lane[l]);
    for (; i < n; i++) most = larger(most, f(i));
    return most;
  }

  template <typename F>
  PTC_INLINE void once(const F& f) const {
    f();
  }
  // Nobody goes on before all lanes have come here and see what the others wrote.
  PTC_INLINE void meet() const {}
};

}  // namespace PTC_ISA
}  // namespace partita
