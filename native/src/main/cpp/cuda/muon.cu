// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Muon. The product: 256 threads make a tile of 64 x 64, each 4 x 4 of it in registers, from strips of 16 of
// a and b in shared memory; each element is summed over k from left to right, as on the CPU.
#include "muon_call.h"
#include "on_gpu.h"
#include "partita_cuda_tensor.h"

namespace partita::cuda {
namespace {

PTC_BOTH inline float finished(const MatrixProduct& p, float sum, std::int64_t row, std::int64_t column) {
  sum = sum * p.alpha;
  return p.add != nullptr ? sum + p.beta * p.add[row * p.n + column] : sum;
}

#if defined(__CUDACC__)

constexpr int kTile = 64, kStrip = 16, kEach = 4;

__global__ void product_kernel(const __grid_constant__ MatrixProduct p) {
  __shared__ float a[kStrip][kTile + 1], b[kStrip][kTile + 1];
  const std::int64_t row0 = static_cast<std::int64_t>(blockIdx.y) * kTile;
  const std::int64_t column0 = static_cast<std::int64_t>(blockIdx.x) * kTile;
  const int tx = threadIdx.x % 16, ty = threadIdx.x / 16;
  float sum[kEach][kEach] = {};
  for (std::int64_t k0 = 0; k0 < p.k; k0 += kStrip) {
    for (int at = threadIdx.x; at < kStrip * kTile; at += kThreads) {
      // Neighbouring threads read neighbouring addresses.
      int k = at % kStrip, r = at / kStrip;
      bool in_k = k0 + k < p.k;
      a[k][r] = in_k && row0 + r < p.m ? p.a[(row0 + r) * p.k + k0 + k] : 0.0f;
      if (p.b_transposed) {
        b[k][r] = in_k && column0 + r < p.n ? p.b[(column0 + r) * p.k + k0 + k] : 0.0f;
      } else {
        int c = at % kTile, kb = at / kTile;
        b[kb][c] = k0 + kb < p.k && column0 + c < p.n ? p.b[(k0 + kb) * p.n + column0 + c] : 0.0f;
      }
    }
    __syncthreads();
#pragma unroll
    for (int k = 0; k < kStrip; k++) {
#pragma unroll
      for (int i = 0; i < kEach; i++) {
#pragma unroll
        for (int j = 0; j < kEach; j++) sum[i][j] += a[k][ty + 16 * i] * b[k][tx + 16 * j];
      }
    }
    __syncthreads();
  }
  for (int i = 0; i < kEach; i++) {
    for (int j = 0; j < kEach; j++) {
      std::int64_t row = row0 + ty + 16 * i, column = column0 + tx + 16 * j;
      if (row < p.m && column < p.n) p.out[row * p.n + column] = finished(p, sum[i][j], row, column);
    }
  }
}

void multiply_on_gpu(void* stream, const MatrixProduct& p) {
  dim3 grid(static_cast<unsigned>((p.n + kTile - 1) / kTile), static_cast<unsigned>((p.m + kTile - 1) / kTile));
  product_kernel<<<grid, kThreads, 0, static_cast<cudaStream_t>(stream)>>>(p);
  check(cudaGetLastError(), "launch");
}

#else

void multiply_on_gpu(void*, const MatrixProduct& p) {
  for (std::int64_t row = 0; row < p.m; row++) {
    for (std::int64_t column = 0; column < p.n; column++) {
      float sum = 0;
      for (std::int64_t k = 0; k < p.k; k++) {
        sum += p.a[row * p.k + k] * (p.b_transposed ? p.b[column * p.k + k] : p.b[k * p.n + column]);
      }
      p.out[row * p.n + column] = finished(p, sum, row, column);
    }
  }
}

#endif

struct MuonOnGpu : OnGpu {
  explicit MuonOnGpu(void* on) : OnGpu{on} {}
  void multiply(const MatrixProduct& product) const { multiply_on_gpu(stream, product); }
};

}  // namespace
}  // namespace partita::cuda

int64_t ptc_cuda_muon_workspace_bytes(int64_t rows, int64_t columns) {
  return partita::MuonSpace::bytes(rows, columns);
}

ptc_status ptc_cuda_muon_step(void* stream, const ptc_update* update, int64_t rows, int64_t columns,
                              const float* factor, float learning_rate, float momentum, int32_t nesterov,
                              int32_t iterations, int32_t scaling, void* workspace) {
  return partita::guarded([&] {
    partita::require_muon(update, rows, columns, learning_rate, momentum, iterations, scaling);
    partita::require(workspace != nullptr, "ptc_cuda_muon_step: workspace is null");
    partita::muon_call(partita::cuda::MuonOnGpu(stream), *update, {rows, columns}, factor, learning_rate, momentum,
                       nesterov != 0, iterations, scaling, partita::MuonSpace::over(workspace, rows, columns));
  });
}
