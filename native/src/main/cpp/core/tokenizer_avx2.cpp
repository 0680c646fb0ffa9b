// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Finds words in 32 ASCII bytes with a handful of instructions, then walks from one boundary to the
// next by counting zeros. Bytes beyond ASCII go through the reference, so the ids are the same.
#include <immintrin.h>

#include "tokenizer.h"

namespace partita {
namespace {

inline __m256i in_range(__m256i bytes, char low, char count) {
  __m256i shifted = _mm256_sub_epi8(bytes, _mm256_set1_epi8(low));
  // Unsigned compare: x < count  <=>  min(x, count - 1) == x
  return _mm256_cmpeq_epi8(_mm256_min_epu8(shifted, _mm256_set1_epi8(static_cast<char>(count - 1))), shifted);
}

}  // namespace

std::int32_t* tokenize_avx2(const unsigned char* text, std::int32_t length, int bucket_bits,
                            std::int32_t* out) {
  Tokenizer tokenizer(bucket_bits, out);
  const unsigned char* p = text;
  const unsigned char* end = text + length;
  alignas(32) unsigned char lower[32];
  while (end - p >= 32) {
    __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    if (_mm256_movemask_epi8(bytes) != 0) {
      p = tokenizer.take(p, p + 32, end);
      continue;
    }
    __m256i lowered = _mm256_or_si256(
        bytes, _mm256_and_si256(in_range(bytes, 'A', 26), _mm256_set1_epi8(0x20)));
    __m256i word = _mm256_or_si256(in_range(lowered, 'a', 26), in_range(bytes, '0', 10));
    _mm256_store_si256(reinterpret_cast<__m256i*>(lower), lowered);
    auto inside = static_cast<std::uint32_t>(_mm256_movemask_epi8(word));
    int at = 0;
    while (at < 32) {
      std::uint32_t rest = inside >> at;
      if ((rest & 1) == 0) {
        tokenizer.end_word();
        if (rest == 0) break;
        at += __builtin_ctz(rest);
        rest = inside >> at;
      }
      std::uint32_t gaps = ~rest;
      int run = gaps == 0 ? 32 : __builtin_ctz(gaps);
      int stop = at + run < 32 ? at + run : 32;
      for (; at < stop; at++) tokenizer.add(lower[at]);
    }
    p += 32;
  }
  tokenizer.take(p, end, end);
  tokenizer.end_word();
  return tokenizer.out();
}

}  // namespace partita
