// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "check.h"

namespace {

using namespace partita::tests;

TEST("the self check passes on every path") {
  on_every_cpu([] { CHECK_OK(ptc_self_check()); });
}

TEST("memory is zeroed, aligned and counted, small and large") {
  std::int64_t before = ptc_held_bytes();
  for (std::int64_t bytes : {std::int64_t{1}, std::int64_t{1000}, std::int64_t{9} << 20}) {
    void* memory = nullptr;
    CHECK_OK(ptc_alloc(bytes, &memory));
    CHECK(reinterpret_cast<std::uintptr_t>(memory) % 64 == 0);
    CHECK(ptc_held_bytes() == before + bytes);
    auto* p = static_cast<unsigned char*>(memory);
    for (std::int64_t i = 0; i < bytes; i += 511) CHECK(p[i] == 0);
    std::memset(memory, 0xAB, static_cast<std::size_t>(bytes));
    ptc_free(memory);
    CHECK(ptc_held_bytes() == before);
  }
}

TEST("impossible sizes are an error, not an abort") {
  void* memory = nullptr;
  CHECK(ptc_alloc(std::int64_t{1} << 60, &memory) == PTC_OUT_OF_MEMORY);
  CHECK(ptc_alloc(0, &memory) == PTC_INVALID_ARGUMENT);
  ptc_free(nullptr);
}

TEST("CRC32C gives the known values, in one piece or several") {
  on_every_cpu([] {
    CHECK(ptc_crc32c(0, "123456789", 9) == static_cast<std::int32_t>(0xE3069283u));
    std::vector<char> zeros(32, 0);
    CHECK(ptc_crc32c(0, zeros.data(), 32) == static_cast<std::int32_t>(0x8A9136AAu));  // RFC 3720 B.4
    CHECK(ptc_crc32c(ptc_crc32c(0, "1234", 4), "56789", 5) == static_cast<std::int32_t>(0xE3069283u));
  });
}

TEST("CRC32C of long inputs is that of the reference, wherever they begin and end") {
  std::vector<unsigned char> bytes(100'000);
  std::mt19937 random(5);
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(random());
  for (int round = 0; round < 50; round++) {
    std::size_t from = random() % 20, count = random() % (bytes.size() - 20);
    ptc_limit_cpu_features(0);
    std::int32_t expected = ptc_crc32c(round, bytes.data() + from, static_cast<std::int64_t>(count));
    ptc_limit_cpu_features(-1);
    CHECK(ptc_crc32c(round, bytes.data() + from, static_cast<std::int64_t>(count)) == expected);
  }
}

TEST("uniform values depend on seed and index only") {
  std::vector<float> a(1000), b(500);
  CHECK_OK(ptc_fill_uniform(a.data(), 1000, 42, -1, 1));
  CHECK_OK(ptc_fill_uniform(b.data(), 500, 42, -1, 1));
  CHECK(std::memcmp(a.data(), b.data(), 500 * sizeof(float)) == 0);
  double mean = 0;
  for (float x : a) {
    CHECK(x >= -1 && x < 1);
    mean += x / 1000;
  }
  CHECK(mean > -0.1 && mean < 0.1);
}

TEST("the first of several largest scores counts") {
  float scores[] = {1, 3, 3, 0, 5, 2};
  std::int64_t labels[] = {1, 2};
  CHECK(ptc_count_correct(scores, labels, 2, 3) == 1);
  CHECK(ptc_count_correct(nullptr, labels, 2, 3) == -1);
}

}  // namespace
