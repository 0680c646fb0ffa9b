// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Eight elements at a time: the operations of lanes.h on vectors, with the same bits.
// Include only in files compiled with -mavx2 -mfma -mf16c.
#pragma once

#include <immintrin.h>

#include "vector_machine.h"

namespace partita {
inline namespace PTC_ISA {

struct F8 {
  __m256 v;
  PTC_INLINE F8() : v(_mm256_setzero_ps()) {}
  PTC_INLINE F8(__m256 vector) : v(vector) {}
  PTC_INLINE static F8 at(const float* p) { return _mm256_loadu_ps(p); }
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
PTC_INLINE inline F8 fused_from(F8 c, F8 a, F8 b) { return _mm256_fnmadd_ps(a.v, b.v, c.v); }
PTC_INLINE inline F8 root(F8 x) { return _mm256_sqrt_ps(x.v); }
PTC_INLINE inline F8 size_of(F8 x) {
  return _mm256_and_ps(x.v, _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF)));
}
PTC_INLINE inline F8 two_to(F8 shifted) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(shifted.v), 23));
}

PTC_INLINE inline F8 times_two_to(F8 x, F8 shifted) {
  __m256i power = _mm256_slli_epi32(_mm256_castps_si256(shifted.v), 23);
  return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(x.v), power));
}
struct Quarter8 {
  __m256i at;    // its lower three bits
  __m256 upper;  // sign: the fourth
};
PTC_INLINE inline Quarter8 quarter_of_octave(F8 x) {
  __m256i bits = _mm256_castps_si256(x.v);
  return {_mm256_srli_epi32(bits, 21), _mm256_castsi256_ps(_mm256_slli_epi32(bits, 7))};
}
PTC_INLINE inline F8 begin_of_quarter(F8 x) {
  return _mm256_and_ps(x.v, _mm256_castsi256_ps(_mm256_set1_epi32(static_cast<int>(0xFFE00000u))));
}
PTC_INLINE inline F8 lookup(const float* table16, Quarter8 quarter) {
  __m256 lower = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table16), quarter.at);
  __m256 upper = _mm256_permutevar8x32_ps(_mm256_loadu_ps(table16 + 8), quarter.at);
  return _mm256_blendv_ps(lower, upper, quarter.upper);
}

// Sums of the squares of eight lanes.
struct D8 {
  __m256d low = _mm256_setzero_pd(), high = _mm256_setzero_pd();
  PTC_INLINE void add_square(F8 x) {
    __m256d a = _mm256_cvtps_pd(_mm256_castps256_ps128(x.v)), b = _mm256_cvtps_pd(_mm256_extractf128_ps(x.v, 1));
    low = _mm256_add_pd(low, _mm256_mul_pd(a, a));
    high = _mm256_add_pd(high, _mm256_mul_pd(b, b));
  }
  PTC_INLINE void store(double* p) const {
    _mm256_storeu_pd(p, low);
    _mm256_storeu_pd(p + 4, high);
  }
};

// Eight lanes, folded as fold_lanes does.
PTC_INLINE inline float fold(F8 a) {
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
PTC_INLINE inline float fold(const F8 (&a)[4]) { return fold((a[0] + a[2]) + (a[1] + a[3])); }

// The largest of eight lanes, none of which is a NaN (or anything).
PTC_INLINE inline float largest_of(F8 a) {
  __m128 four = _mm_max_ps(_mm256_castps256_ps128(a.v), _mm256_extractf128_ps(a.v, 1));
  __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

using Avx2 = VectorMachine<F8, D8, 8, false>;

}  // namespace PTC_ISA
}  // namespace partita
