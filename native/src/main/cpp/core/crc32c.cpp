// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// CRC32C: a table as the reference, the SSE4.2 instruction where there is one. The instruction takes three cycles and
// can begin every cycle, so long inputs are computed in three lanes (as Mark Adler's crc32c.c does).
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

constexpr std::int64_t kLane = 4096;

// Tables that append kLane zero bytes to what a checksum covers, which is linear over GF(2): one byte of it a table.
constexpr std::array<std::array<std::uint32_t, 256>, 4> make_shift() {
  std::array<std::uint32_t, 32> of_bit{};
  for (std::uint32_t bit = 0; bit < 32; bit++) {
    std::uint32_t c = 1u << bit;
    for (std::int64_t i = 0; i < kLane; i++) c = (c >> 8) ^ kTable[c & 0xFF];
    of_bit[bit] = c;
  }
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  for (std::uint32_t byte = 0; byte < 4; byte++) {
    for (std::uint32_t value = 0; value < 256; value++) {
      for (std::uint32_t bit = 0; bit < 8; bit++) {
        if ((value >> bit & 1) != 0) tables[byte][value] ^= of_bit[8 * byte + bit];
      }
    }
  }
  return tables;
}

std::uint32_t scalar(std::uint32_t crc, const unsigned char* p, std::int64_t n) {
  for (; n > 0; n--) crc = (crc >> 8) ^ kTable[(crc ^ *p++) & 0xFF];
  return crc;
}

#if defined(__x86_64__)
constexpr auto kShift = make_shift();

std::uint32_t shift_by_a_lane(std::uint64_t crc) {
  return kShift[0][crc & 0xFF] ^ kShift[1][crc >> 8 & 0xFF] ^ kShift[2][crc >> 16 & 0xFF] ^ kShift[3][crc >> 24 & 0xFF];
}

__attribute__((target("sse4.2"))) std::uint32_t sse42(std::uint32_t crc, const unsigned char* p,
                                                      std::int64_t n) {
  std::uint64_t wide = crc;
  for (; n >= 3 * kLane; n -= 3 * kLane, p += 3 * kLane) {
    std::uint64_t second = 0, third = 0;
    for (std::int64_t i = 0; i < kLane; i += 8) {
      std::uint64_t words[3];
      std::memcpy(&words[0], p + i, 8);
      std::memcpy(&words[1], p + kLane + i, 8);
      std::memcpy(&words[2], p + 2 * kLane + i, 8);
      wide = _mm_crc32_u64(wide, words[0]);
      second = _mm_crc32_u64(second, words[1]);
      third = _mm_crc32_u64(third, words[2]);
    }
    wide = shift_by_a_lane(shift_by_a_lane(wide) ^ second) ^ third;
  }
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
