// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Ways to run something on the device: a function of an index (each), in stages, or the work of a kernel that
// is written for all machines (run). A twin is written against these only, so the very same source also
// compiles as plain C++, where they are loops: that is how its logic is tested on machines without a GPU.
#pragma once

#include <cstdint>

#include "lanes.h"
#include "status.h"

#if defined(__CUDACC__)

#include <cuda_runtime.h>

#include <string>
#include <type_traits>

namespace partita::cuda {

inline void check(cudaError_t error, const char* what) {
  if (error != cudaSuccess) throw std::runtime_error(std::string(what) + ": " + cudaGetErrorString(error));
}

constexpr int kThreads = 256;
constexpr int kSingleBlock = 1024;

// Works that say so get a whole block for each unit instead of a warp.
template <typename Work, typename = void>
constexpr bool kWholeBlock = false;
template <typename Work>
constexpr bool kWholeBlock<Work, std::void_t<decltype(Work::kGpuThreads)>> = true;

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

// One of the machines of lanes.h: 32 threads share a row, thread l being lane l.
struct Warp {
  std::int64_t lane;
  static constexpr float* scratch = nullptr;

  template <typename F>
  __device__ void each(std::int64_t n, const F& f) const {
#pragma unroll 4
    for (std::int64_t i = lane; i < n; i += kSumLanes) f(i);
  }
  template <typename F>
  __device__ void each_four(std::int64_t n, const F& f) const {
    each(n, f);
  }
  template <typename T>
  __device__ static T fold(T sum) {
    for (int half = kSumLanes / 2; half > 0; half /= 2) sum = sum + __shfl_xor_sync(0xFFFFFFFFu, sum, half);
    return sum;
  }
  template <typename F>
  __device__ float sum(std::int64_t n, const F& f) const {
    float total = 0;
#pragma unroll 4
    for (std::int64_t i = lane; i < n; i += kSumLanes) total += f(i);
    return fold(total);
  }
  template <typename F>
  __device__ Pair<float> sums(std::int64_t n, const F& f) const {
    float first = 0, second = 0;
#pragma unroll 4
    for (std::int64_t i = lane; i < n; i += kSumLanes) {
      Pair<float> x = f(i);
      first += x.first;
      second += x.second;
    }
    return {fold(first), fold(second)};
  }
  template <typename F>
  __device__ double sum_of_squares(std::int64_t n, const F& f) const {
    double total = 0;
#pragma unroll 4
    for (std::int64_t i = lane; i < n; i += kSumLanes) {
      double x = f(i);
      total += x * x;
    }
    return fold(total);
  }
  __device__ double sum_of_doubles(const double* values, std::int64_t n) const {
    double total = 0;
    for (std::int64_t i = lane; i < n; i += kSumLanes) total += values[i];
    return fold(total);
  }
  template <typename F>
  __device__ float largest(std::int64_t n, const F& f) const {
    float most = -HUGE_VALF;
#pragma unroll 4
    for (std::int64_t i = lane; i < n; i += kSumLanes) most = larger(most, f(i));
    for (int half = kSumLanes / 2; half > 0; half /= 2) {
      most = larger(most, __shfl_xor_sync(0xFFFFFFFFu, most, half));
    }
    // With a NaN the lanes may differ; all must take the same way.
    return __shfl_sync(0xFFFFFFFFu, most, 0);
  }
  template <typename F>
  __device__ void once(const F& f) const {
    if (lane == 0) f();
  }
  __device__ void meet() const { __syncwarp(); }
  template <typename T>
  __device__ void ahead(const T*, std::int64_t) const {}
};

__device__ inline void add_one(std::int32_t* counter) { atomicAdd(counter, 1); }

// For works that only go through their elements: 256 threads.
struct Block {
  template <typename F>
  __device__ void each(std::int64_t n, const F& f) const {
#pragma unroll 4
    for (std::int64_t i = threadIdx.x; i < n; i += blockDim.x) f(i);
  }
};

template <typename Work>
__global__ void elements_kernel(const __grid_constant__ Work work, std::int64_t n) {
  std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * blockDim.x;
  for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < n; i += stride) {
    element(work, i);
  }
}

template <typename Work>
__global__ void warps_kernel(const __grid_constant__ Work work, std::int64_t rows) {
  std::int64_t warps = static_cast<std::int64_t>(gridDim.x) * (kThreads / kSumLanes);
  Warp warp{threadIdx.x % kSumLanes};
  for (std::int64_t r = static_cast<std::int64_t>(blockIdx.x) * (kThreads / kSumLanes) + threadIdx.x / kSumLanes;
       r < rows; r += warps) {
    row(warp, work, r);
  }
}

template <typename Work>
__global__ void blocks_kernel(const __grid_constant__ Work work, std::int64_t chunks) {
  for (std::int64_t c = blockIdx.x; c < chunks; c += gridDim.x) row(Block{}, work, c);
}

inline unsigned grid_of(std::int64_t blocks) {
  return static_cast<unsigned>(blocks < 65535 ? blocks : 65535);
}

// All units of a work (see work.h).
template <typename Work>
void run(void* stream, const Work& work, std::int64_t units) {
  if (units == 0) return;
  auto on = static_cast<cudaStream_t>(stream);
  if constexpr (!Work::kByRow) {
    elements_kernel<<<grid_of((units + kThreads - 1) / kThreads), kThreads, 0, on>>>(work, units);
  } else if constexpr (kWholeBlock<Work>) {
    blocks_kernel<<<grid_of(units), kThreads, 0, on>>>(work, units);
  } else {
    constexpr std::int64_t kWarps = kThreads / kSumLanes;
    warps_kernel<<<grid_of((units + kWarps - 1) / kWarps), kThreads, 0, on>>>(work, units);
  }
  check(cudaGetLastError(), "launch");
}

inline void copy_bytes(void* stream, void* out, const void* in, std::int64_t bytes) {
  check(cudaMemcpyAsync(out, in, static_cast<std::size_t>(bytes), cudaMemcpyDeviceToDevice,
                        static_cast<cudaStream_t>(stream)),
        "copy");
}

}  // namespace partita::cuda

#else

#include <cstring>

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

template <typename Work>
void run(void*, const Work& work, std::int64_t units) {
  for (std::int64_t i = units; i-- > 0;) {
    if constexpr (Work::kByRow) {
      row(Scalar{}, work, i);
    } else {
      element(work, i);
    }
  }
}

inline void add_one(std::int32_t* counter) { ++*counter; }

inline void copy_bytes(void*, void* out, const void* in, std::int64_t bytes) {
  std::memmove(out, in, static_cast<std::size_t>(bytes));
}

}  // namespace partita::cuda

#endif
