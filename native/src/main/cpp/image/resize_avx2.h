// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Eight bytes, and eight inputs of eight columns, at a time. Include before resize.h's functions are used.
#pragma once

#include "lanes_avx2.h"
#include "resize.h"

namespace partita {
inline namespace PTC_ISA {

PTC_INLINE inline F8 load(const UInt8* p, Wide at) {
  __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p + at.i));
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
}

PTC_INLINE inline F8 pick(const float* p, const std::int32_t* index, Wide at, std::int32_t limit, std::int32_t tap,
                          std::int32_t step, std::int32_t add) {
  __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(index + at.i));
  __m256i place = _mm256_min_epi32(_mm256_add_epi32(first, _mm256_set1_epi32(tap)), _mm256_set1_epi32(limit));
  place = _mm256_add_epi32(_mm256_mullo_epi32(place, _mm256_set1_epi32(step)), _mm256_set1_epi32(add));
  return _mm256_i32gather_ps(p, place, 4);
}

}  // namespace PTC_ISA
}  // namespace partita
