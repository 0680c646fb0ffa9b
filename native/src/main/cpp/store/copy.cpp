// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "copy.h"

#include <cstring>

#include "cpu.h"
#include "partita_core.h"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace partita::store {
namespace {

constexpr std::uint64_t kNonTemporal = std::uint64_t{2} << 20;

#if defined(__x86_64__)
// Both copy whole steps of 128 bytes to an address on a 64-byte boundary, and return how many bytes that was.
__attribute__((target("avx"))) std::uint64_t stream_avx(char* to, const char* from, std::uint64_t bytes) {
  std::uint64_t at = 0;
  for (; at + 128 <= bytes; at += 128) {
    const auto* s = reinterpret_cast<const __m256i*>(from + at);
    auto* d = reinterpret_cast<__m256i*>(to + at);
    __m256i a = _mm256_loadu_si256(s), b = _mm256_loadu_si256(s + 1);
    __m256i c = _mm256_loadu_si256(s + 2), e = _mm256_loadu_si256(s + 3);
    _mm256_stream_si256(d, a);
    _mm256_stream_si256(d + 1, b);
    _mm256_stream_si256(d + 2, c);
    _mm256_stream_si256(d + 3, e);
  }
  _mm_sfence();
  return at;
}

std::uint64_t stream_sse2(char* to, const char* from, std::uint64_t bytes) {
  std::uint64_t at = 0;
  for (; at + 128 <= bytes; at += 128) {
    for (std::uint64_t i = 0; i < 128; i += 16) {
      _mm_stream_si128(reinterpret_cast<__m128i*>(to + at + i),
                       _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at + i)));
    }
  }
  _mm_sfence();
  return at;
}
#endif

}  // namespace

void copy_in(char* to, const void* from, std::uint64_t bytes) {
  const char* source = static_cast<const char*>(from);
  std::uint64_t done = 0;
#if defined(__x86_64__)
  if (bytes >= kNonTemporal && reinterpret_cast<std::uintptr_t>(to) % 64 == 0) {
    done = (cpu_features() & PTC_CPU_AVX2) != 0 ? stream_avx(to, source, bytes) : stream_sse2(to, source, bytes);
  }
#endif
  if (bytes > done) std::memcpy(to + done, source + done, bytes - done);
}

}  // namespace partita::store
