// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// CRC32C: a table as the reference, the SSE4.2 instruction where there is one.
#include <array>
#include <cstring>

#include "cpu.h"
#include "partita_core.h"
#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace partita {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; i++) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? (c >> 1) ^ 0x82F63B78u : c >> 1;
    table[i] = c;
  }
  return table;
}
constexpr auto kTable = make_table();

std::uint32_t scalar(std::uint32_t crc, const unsigned char* p, std::int64_t n) {
  for (; n > 0; n--) crc = (crc >> 8) ^ kTable[(crc ^ *p++) & 0xFF];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t sse42(std::uint32_t crc, const unsigned char* p,
                                                      std::int64_t n) {
  std::uint64_t wide = crc;
  for (; n >= 8; n -= 8, p += 8) {
    std::uint64_t word;
    std::memcpy(&word, p, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (; n > 0; n--) crc = _mm_crc32_u8(crc, *p++);
  return crc;
}
#endif

}  // namespace
}  // namespace partita

int32_t ptc_crc32c(int32_t crc, const void* memory, int64_t bytes) {
  if (memory == nullptr || bytes <= 0) return crc;
  auto start = ~static_cast<std::uint32_t>(crc);
  const auto* p = static_cast<const unsigned char*>(memory);
#if defined(__x86_64__)
  if ((partita::cpu_features() & PTC_CPU_SSE42) != 0) {
    return static_cast<int32_t>(~partita::sse42(start, p, bytes));
  }
#endif
  return static_cast<int32_t>(~partita::scalar(start, p, bytes));
}
