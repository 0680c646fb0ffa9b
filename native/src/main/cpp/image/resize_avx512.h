// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Sixteen bytes, and sixteen inputs of sixteen columns, at a time. Include before resize.h's functions are used.
#pragma once

#include "lanes_avx512.h"
#include "resize.h"

namespace partita {
inline namespace PTC_ISA {

PTC_INLINE inline F16 load(const UInt8* p, Wide at) {
  __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + at.i));
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes));
}

PTC_INLINE inline F16 pick(const float* p, const std::int32_t* index, Wide at, std::int32_t limit, std::int32_t tap,
                           std::int32_t step, std::int32_t add) {
  __m512i first = _mm512_loadu_si512(index + at.i);
  __m512i place = _mm512_min_epi32(_mm512_add_epi32(first, _mm512_set1_epi32(tap)), _mm512_set1_epi32(limit));
  place = _mm512_add_epi32(_mm512_mullo_epi32(place, _mm512_set1_epi32(step)), _mm512_set1_epi32(add));
  return _mm512_i32gather_ps(place, p, 4);
}

PTC_INLINE inline Twice<F16> pick(const float* p, const std::int32_t* index, WideTwice<16> at, std::int32_t limit,
                                  std::int32_t tap, std::int32_t step, std::int32_t add) {
  return {pick(p, index, at.first(), limit, tap, step, add), pick(p, index, at.second(), limit, tap, step, add)};
}

}  // namespace PTC_ISA
}  // namespace partita
