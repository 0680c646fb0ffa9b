// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Counter-based uniform values: SplitMix64 (Steele, Lea, Flood 2014) of seed and index.
#include "status.h"

namespace {

inline std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

}  // namespace

ptc_status ptc_fill_uniform(float* values, int64_t count, int64_t seed, float low, float high) {
  return partita::guarded([&] {
    partita::require(values != nullptr && count >= 0, "ptc_fill_uniform: no values");
    partita::require(low < high, "ptc_fill_uniform: low must be below high");
    const std::uint64_t start = mix(static_cast<std::uint64_t>(seed) + 0x9E3779B97F4A7C15u);
    const float width = high - low;
    for (int64_t i = 0; i < count; i++) {
      std::uint64_t bits = mix(start + (static_cast<std::uint64_t>(i) + 1) * 0x9E3779B97F4A7C15u);
      // 24 bits: exactly the floats k / 2^24.
      values[i] = low + width * (static_cast<float>(bits >> 40) * 0x1p-24f);
    }
  });
}
