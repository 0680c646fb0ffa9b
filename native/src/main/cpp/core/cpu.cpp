// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <atomic>

#include "partita_core.h"

namespace partita {
namespace {

#if defined(__x86_64__)
bool has_f16c() noexcept {  // __builtin_cpu_supports does not know it in clang 14
  unsigned a, b, c = 0, d;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}
#endif

std::int32_t detect() noexcept {
  std::int32_t found = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("sse4.2")) found |= PTC_CPU_SSE42;
  // Processors with AVX2 have the others as well; our AVX2 code uses them.
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c() &&
      __builtin_cpu_supports("bmi")) {
    found |= PTC_CPU_AVX2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      found |= PTC_CPU_AVX512;
      if (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
          __builtin_cpu_supports("bmi2")) {
        found |= PTC_CPU_AVX512_TEXT;
      }
    }
  }
#endif
  return found;
}

const std::int32_t detected = detect();
std::atomic<std::int32_t> limit{-1};

}  // namespace

std::int32_t cpu_features() noexcept { return detected & limit.load(std::memory_order_relaxed); }

}  // namespace partita

int32_t ptc_cpu_features(void) { return partita::cpu_features(); }

void ptc_limit_cpu_features(int32_t mask) { partita::limit.store(mask, std::memory_order_relaxed); }
