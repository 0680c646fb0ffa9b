// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// A small known calculation per kernel, so that a health check can say "the core works" in
// microseconds. The thorough comparison is in tests/.
#include <cstring>

#include "float_kernels.h"
#include "status.h"
#include "tokenizer.h"
#include "word_stream.h"

namespace partita {
namespace {

void check(bool holds, const char* message) {
  if (!holds) throw std::runtime_error(message);
}

void check_crc32c() {
  // The check value of CRC-32C (RFC 3720, B.4 uses the same polynomial).
  check(ptc_crc32c(0, "123456789", 9) == static_cast<std::int32_t>(0xE3069283u), "self check: CRC32C is wrong");
}

void check_tokenizer() {
  static const char text[] = "The quick brown fox JUMPS over the lazy dog; \xC3\x84pfel und Birnen, 42!";
  auto* bytes = reinterpret_cast<const unsigned char*>(text);
  constexpr int length = sizeof text - 1;
  std::int32_t expected[length], got[length];
  auto n = tokenize_scalar(bytes, length, 18, expected) - expected;
  check(n == 25, "self check: the featurizer found other words");
  if ((cpu_features() & PTC_CPU_AVX2) == 0) return;
  auto m = tokenize_avx2(bytes, length, 18, got) - got;
  check(n == m && std::memcmp(expected, got, sizeof(std::int32_t) * static_cast<std::size_t>(n)) == 0,
        "self check: the AVX2 featurizer differs from the reference");
  if ((cpu_features() & PTC_CPU_AVX512_TEXT) == 0) return;
  WordStream words(18, got);
  words.add(bytes, length);
  words.end();
  check(words.ids() == n && std::memcmp(expected, got, sizeof(std::int32_t) * static_cast<std::size_t>(n)) == 0,
        "self check: the AVX-512 featurizer differs from the reference");
}

void check_adamw() {
  constexpr int n = 19;
  float gradient[n], w[2][n], m[2][n] = {}, v[2][n] = {};
  for (int i = 0; i < n; i++) {
    gradient[i] = 0.01f * static_cast<float>(i - 7);
    w[0][i] = w[1][i] = static_cast<float>(i) / 3.0f;
  }
  const FloatKernels* kernels[2] = {&kScalarKernels, &float_kernels()};
  auto step = AdamWStep::of(0.02f, 0.9f, 0.999f, 1e-8f, 0.01f, 1);
  for (int k = 0; k < 2; k++) {
    kernels[k]->adamw_dense(w[k], m[k], v[k], gradient, n, step);
    kernels[k]->adamw_row(w[k], m[k], v[k], gradient, n, step);
  }
  bool same = std::memcmp(w[0], w[1], sizeof w[0]) == 0 && std::memcmp(m[0], m[1], sizeof m[0]) == 0 &&
              std::memcmp(v[0], v[1], sizeof v[0]) == 0;
  check(same && w[0][0] != 0.0f, "self check: AdamW differs from the reference");
}

}  // namespace
}  // namespace partita

ptc_status ptc_self_check(void) {
  return partita::guarded([] {
    partita::check_crc32c();
    partita::check_tokenizer();
    partita::check_adamw();
  });
}
