// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Two ways to run a function of an index on the device. A twin is written against these two only, so
// the very same source also compiles as plain C++, where they are loops: that is how its logic is
// tested on machines without a GPU.
#pragma once

#include <cstdint>

#include "status.h"

#if defined(__CUDACC__)

#include <cuda_runtime.h>

#include <string>

namespace partita::cuda {

inline void check(cudaError_t error, const char* what) {
  if (error != cudaSuccess) throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(error));
}

constexpr int kThreads = 256;
constexpr int kSingleBlock = 1024;

template <typename F>
__global__ void each_kernel(F f, std::int64_t n) {
  std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride) f(i);
}

template <typename F>
__global__ void stages_kernel(F f, int stages, std::int64_t n) {
  for (int stage = 0; stage < stages; stage++) {
    for (std::int64_t i = threadIdx.x; i < n; i += blockDim.x) f(stage, i);
    __syncthreads();
  }
}

// f(i) for 0 <= i < n, in any order.
template <typename F>
void each(void* stream, std::int64_t n, const F& f) {
  if (n == 0) return;
  std::int64_t blocks = (n + kThreads - 1) / kThreads;
  if (blocks > 65535) blocks = 65535;
  each_kernel<<<static_cast<unsigned>(blocks), kThreads, 0, static_cast<cudaStream_t>(stream)>>>(f, n);
  check(cudaGetLastError(), "launch");
}

// f(stage, i) for all i, one stage after the other, in one block: for sorts and scans of a micro-shard,
// where a launch per stage would cost more than the other processors could save.
template <typename F>
void stages(void* stream, int count, std::int64_t n, const F& f) {
  if (n == 0 || count == 0) return;
  stages_kernel<<<1, kSingleBlock, 0, static_cast<cudaStream_t>(stream)>>>(f, count, n);
  check(cudaGetLastError(), "launch");
}

}  // namespace partita::cuda

#else

namespace partita::cuda {

template <typename F>
void each(void*, std::int64_t n, const F& f) {
  for (std::int64_t i = n; i-- > 0;) f(i);  // backwards: no order may matter
}

template <typename F>
void stages(void*, int count, std::int64_t n, const F& f) {
  for (int stage = 0; stage < count; stage++) {
    for (std::int64_t i = n; i-- > 0;) f(stage, i);
  }
}

}  // namespace partita::cuda

#endif
