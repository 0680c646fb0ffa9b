// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// From a kernel to a run of it. A kernel is a plain struct of its arguments (its "work") and a function
// beside it in PTC_ISA:
//
//   kByRow = false    element(work, at)           units are elements
//   kByRow = true     row(machine, work, number)  units are rows, or whatever the work takes for one
//
// Both are compiled for every instruction set by the files run_*.cpp; the struct is the same for all.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "cpu.h"
#include "partita_tensor.h"
#include "pool.h"
#include "status.h"
#include "dtype.h"

namespace partita {

template <typename Work>
void run_scalar(const Work& work, std::int64_t from, std::int64_t to);
template <typename Work>
void run_avx2(const Work& work, std::int64_t from, std::int64_t to);
template <typename Work>
void run_avx512(const Work& work, std::int64_t from, std::int64_t to);

// The CPU: all units, cut into parts for the threads of a pool (null: the caller's thread alone). Which
// thread takes which part leaves no trace in the result.
struct OnCpu {
  static constexpr bool kGpu = false;
  ptc_pool* pool;

  template <typename Work>
  void run(const Work& work, std::int64_t units) const {
    if (units == 0) return;
    const std::int32_t features = cpu_features();
    auto path = (features & PTC_CPU_AVX512) != 0 ? run_avx512<Work>
                : (features & PTC_CPU_AVX2) != 0 ? run_avx2<Work>
                                                 : run_scalar<Work>;
    in_parts(pool, units, grain(work), [&](std::int64_t from, std::int64_t to) { path(work, from, to); });
  }

  void copy(void* out, const void* in, std::int64_t bytes) const;  // conversion.cpp

  // Units a thread takes at a time: about 256 KiB of work, so that 64 bytes never have two writers for long.
  template <typename Work>
  static std::int64_t grain(const Work& work) {
    if constexpr (Work::kByRow) {
      return std::max<std::int64_t>(1, (std::int64_t{1} << 18) / std::max<std::int64_t>(1, work.bytes_per_row()));
    } else {
      return std::int64_t{1} << 15;
    }
  }

  // Whether `out` should be written past the cache: too large to be found there afterwards, not being read
  // at the same time, and with all vectors (or rows, of `row_bytes`) on boundaries.
  static bool past_cache(const void* out, const void* in, std::int64_t bytes, std::int64_t row_bytes = 0) {
    return bytes >= kPastCacheBytes && out != in && reinterpret_cast<std::uintptr_t>(out) % 64 == 0 &&
           row_bytes % 64 == 0;
  }
  static constexpr std::int64_t kPastCacheBytes = std::int64_t{8} << 20;
};

// Calls f with a null pointer of the storage type that `dtype` names.
template <typename F>
void with_dtype(std::int32_t dtype, const F& f) {
  switch (dtype) {
    case PTC_FLOAT32: return f(static_cast<float*>(nullptr));
    case PTC_BFLOAT16: return f(static_cast<BFloat16*>(nullptr));
    case PTC_FLOAT16: return f(static_cast<Float16*>(nullptr));
    default: throw InvalidArgument("dtype must be PTC_FLOAT32, PTC_BFLOAT16 or PTC_FLOAT16");
  }
}

// At most 2^46 values, so that byte counts cannot overflow.
inline void require_count(std::int64_t count, const char* message) {
  require(count >= 0 && count <= std::int64_t{1} << 46, message);
}
inline void require_shape(std::int64_t rows, std::int64_t columns, const char* message) {
  require(rows >= 0 && columns >= 1 && rows <= (std::int64_t{1} << 46) / columns, message);
}

}  // namespace partita
