// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Sixteen elements at a time: the operations of lanes.h on vectors, with the same bits.
// Include only in files compiled with -mavx512f -mavx512bw -mavx512dq -mavx512vl and what AVX2 has.
#pragma once

#include <immintrin.h>

#include "vector_machine.h"

namespace partita {
inline namespace PTC_ISA {

// Sixteen float32 (Float16 is a type of stored values).
struct F16 {
  __m512 v;
  PTC_INLINE F16() : v(_mm512_setzero_ps()) {}
  PTC_INLINE F16(__m512 vector) : v(vector) {}
  PTC_INLINE static F16 at(const float* p) { return _mm512_loadu_ps(p); }
  PTC_INLINE F16(float x) : v(_mm512_set1_ps(x)) {}
  PTC_INLINE friend F16 operator+(F16 a, F16 b) { return _mm512_add_ps(a.v, b.v); }
  PTC_INLINE friend F16 operator-(F16 a, F16 b) { return _mm512_sub_ps(a.v, b.v); }
  PTC_INLINE friend F16 operator*(F16 a, F16 b) { return _mm512_mul_ps(a.v, b.v); }
  PTC_INLINE friend F16 operator/(F16 a, F16 b) { return _mm512_div_ps(a.v, b.v); }
};
struct M16 {
  __mmask16 v;
};

PTC_INLINE inline F16 load(const float* p, Wide at) { return _mm512_loadu_ps(p + at.i); }
PTC_INLINE inline F16 load(const BFloat16* p, Wide at) {
  __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + at.i));
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}
PTC_INLINE inline F16 load(const Float16* p, Wide at) {
  return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + at.i)));
}

PTC_INLINE inline Twice<F16> load(const BFloat16* p, WideTwice<16> at) {
  const __m512i kLower = _mm512_set_epi16(15, 0, 14, 0, 13, 0, 12, 0, 11, 0, 10, 0, 9, 0, 8, 0, 7, 0, 6, 0, 5, 0, 4, 0, 3, 0, 2,
                                          0, 1, 0, 0, 0);
  const __m512i kUpper = _mm512_add_epi16(kLower, _mm512_set1_epi16(16));
  const __m512i bits = _mm512_loadu_si512(p + at.i);
  return {_mm512_castsi512_ps(_mm512_maskz_permutexvar_epi16(0xAAAAAAAAu, kLower, bits)),
          _mm512_castsi512_ps(_mm512_maskz_permutexvar_epi16(0xAAAAAAAAu, kUpper, bits))};
}

// In the upper half of each element. VCVTNEPS2BF16 would be one instruction, but it takes subnormal numbers for zero.
PTC_INLINE inline __m512i round_to_bfloat16(F16 x) {
  __m512i bits = _mm512_castps_si512(x.v);
  __m512i rounded = _mm512_add_epi32(bits, _mm512_set1_epi32(0x7FFF));
  __mmask16 odd = _mm512_test_epi32_mask(bits, _mm512_set1_epi32(0x10000));
  rounded = _mm512_mask_add_epi32(rounded, odd, bits, _mm512_set1_epi32(0x8000));
  __mmask16 nan = _mm512_cmp_ps_mask(x.v, x.v, _CMP_UNORD_Q);
  return _mm512_mask_or_epi32(rounded, nan, bits, _mm512_set1_epi32(0x400000));
}
PTC_INLINE inline __m256i pack_bfloat16(F16 x) {
  return _mm512_cvtepi32_epi16(_mm512_srli_epi32(round_to_bfloat16(x), 16));
}
PTC_INLINE inline __m256i pack_float16(F16 x) { return _mm512_cvtps_ph(x.v, _MM_FROUND_TO_NEAREST_INT); }

PTC_INLINE inline void store(float* p, Wide at, F16 x) { _mm512_storeu_ps(p + at.i, x.v); }
PTC_INLINE inline void store(BFloat16* p, Wide at, F16 x) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p + at.i), pack_bfloat16(x));
}
PTC_INLINE inline void store(Float16* p, Wide at, F16 x) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p + at.i), pack_float16(x));
}
// Past the cache, the address must be a multiple of the vector (64 bytes of float32, 32 of the others).
PTC_INLINE inline void store(float* p, Wide at, F16 x, bool past_cache) {
  past_cache ? _mm512_stream_ps(p + at.i, x.v) : _mm512_storeu_ps(p + at.i, x.v);
}
PTC_INLINE inline void store(BFloat16* p, Wide at, F16 x, bool past_cache) {
  auto* to = reinterpret_cast<__m256i*>(p + at.i);
  past_cache ? _mm256_stream_si256(to, pack_bfloat16(x)) : _mm256_storeu_si256(to, pack_bfloat16(x));
}
PTC_INLINE inline void store(Float16* p, Wide at, F16 x, bool past_cache) {
  auto* to = reinterpret_cast<__m256i*>(p + at.i);
  past_cache ? _mm256_stream_si256(to, pack_float16(x)) : _mm256_storeu_si256(to, pack_float16(x));
}

// Both vectors in one, to a multiple of 64 bytes.
PTC_INLINE inline void store_line(void* to, __m512i line, bool past_cache) {
  past_cache ? _mm512_stream_si512(static_cast<__m512i*>(to), line) : _mm512_storeu_si512(to, line);
}
PTC_INLINE inline void store(BFloat16* p, WideTwice<16> at, Twice<F16> x, bool past_cache) {
  const __m512i kUpperHalves = _mm512_set_epi16(63, 61, 59, 57, 55, 53, 51, 49, 47, 45, 43, 41, 39, 37, 35, 33, 31, 29, 27, 25,
                                                23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);
  store_line(p + at.i, _mm512_permutex2var_epi16(round_to_bfloat16(x.a), kUpperHalves, round_to_bfloat16(x.b)),
             past_cache);
}
PTC_INLINE inline void store(Float16* p, WideTwice<16> at, Twice<F16> x, bool past_cache) {
  store_line(p + at.i, _mm512_inserti64x4(_mm512_castsi256_si512(pack_float16(x.a)), pack_float16(x.b), 1), past_cache);
}
PTC_INLINE inline void store(BFloat16* p, WideTwice<16> at, Twice<F16> x) { store(p, at, x, false); }
PTC_INLINE inline void store(Float16* p, WideTwice<16> at, Twice<F16> x) { store(p, at, x, false); }

PTC_INLINE inline F16 larger(F16 a, F16 b) { return _mm512_max_ps(a.v, b.v); }
PTC_INLINE inline F16 smaller(F16 a, F16 b) { return _mm512_min_ps(a.v, b.v); }
PTC_INLINE inline M16 less(F16 a, F16 b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ)}; }
PTC_INLINE inline F16 choose(M16 first, F16 a, F16 b) { return _mm512_mask_blend_ps(first.v, b.v, a.v); }
PTC_INLINE inline F16 fused(F16 a, F16 b, F16 c) { return _mm512_fmadd_ps(a.v, b.v, c.v); }
PTC_INLINE inline F16 fused_from(F16 c, F16 a, F16 b) { return _mm512_fnmadd_ps(a.v, b.v, c.v); }
PTC_INLINE inline F16 root(F16 x) { return _mm512_sqrt_ps(x.v); }
PTC_INLINE inline F16 size_of(F16 x) { return _mm512_abs_ps(x.v); }
PTC_INLINE inline F16 two_to(F16 shifted) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(shifted.v), 23));
}

PTC_INLINE inline F16 times_two_to(F16 x, F16 shifted) {
  __m512i power = _mm512_slli_epi32(_mm512_castps_si512(shifted.v), 23);
  return _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(x.v), power));
}
struct Quarter16 {
  __m512i at;  // its lower four bits
};
PTC_INLINE inline Quarter16 quarter_of_octave(F16 x) { return {_mm512_srli_epi32(_mm512_castps_si512(x.v), 21)}; }
PTC_INLINE inline F16 begin_of_quarter(F16 x) {
  return _mm512_and_ps(x.v, _mm512_castsi512_ps(_mm512_set1_epi32(static_cast<int>(0xFFE00000u))));
}
PTC_INLINE inline F16 lookup(const float* table16, Quarter16 quarter) {
  return _mm512_permutexvar_ps(quarter.at, _mm512_loadu_ps(table16));
}

// Sums of the squares of sixteen lanes.
struct D16 {
  __m512d low = _mm512_setzero_pd(), high = _mm512_setzero_pd();
  PTC_INLINE void add_square(F16 x) {
    __m512d a = _mm512_cvtps_pd(_mm512_castps512_ps256(x.v)), b = _mm512_cvtps_pd(_mm512_extractf32x8_ps(x.v, 1));
    low = _mm512_add_pd(low, _mm512_mul_pd(a, a));
    high = _mm512_add_pd(high, _mm512_mul_pd(b, b));
  }
  PTC_INLINE void store(double* p) const {
    _mm512_storeu_pd(p, low);
    _mm512_storeu_pd(p + 8, high);
  }
};

// 32 lanes, folded as fold_lanes does.
PTC_INLINE inline float fold(const F16 (&a)[2]) {
  __m512 sixteen = (a[0] + a[1]).v;
  __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(sixteen), _mm512_extractf32x8_ps(sixteen, 1));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

// The largest of sixteen lanes, none of which is a NaN (or anything).
PTC_INLINE inline float largest_of(F16 a) {
  __m256 eight = _mm256_max_ps(_mm512_castps512_ps256(a.v), _mm512_extractf32x8_ps(a.v, 1));
  __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

using Avx512 = VectorMachine<F16, D16, 16, true>;

}  // namespace PTC_ISA
}  // namespace partita
