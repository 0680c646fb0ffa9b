// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Losses and layers: the works of tensor/, a thread an element or a warp a row.
#include "layer_calls.h"
#include "on_gpu.h"
#include "partita_cuda_tensor.h"

using partita::guarded;
using partita::cuda::OnGpu;

ptc_status ptc_cuda_softmax_cross_entropy(void* stream, int32_t dtype, const void* logits, const int64_t* labels,
                                          int64_t rows, int64_t classes, float scale, float* losses, void* d_logits) {
  return guarded([&] {
    partita::cross_entropy_call(OnGpu{stream}, dtype, logits, labels, rows, classes, scale, losses, d_logits);
  });
}

ptc_status ptc_cuda_layer_norm(void* stream, int32_t dtype, const void* x, const float* gamma, const float* beta,
                               int64_t rows, int64_t columns, float epsilon, void* y, float* mean, float* rstd) {
  return guarded([&] {
    partita::norm_call<true>(OnGpu{stream}, dtype, x, gamma, beta, rows, columns, epsilon, y, mean, rstd);
  });
}

ptc_status ptc_cuda_rms_norm(void* stream, int32_t dtype, const void* x, const float* gamma, int64_t rows,
                             int64_t columns, float epsilon, void* y, float* rstd) {
  return guarded([&] {
    partita::norm_call<false>(OnGpu{stream}, dtype, x, gamma, nullptr, rows, columns, epsilon, y, nullptr, rstd);
  });
}

int64_t ptc_cuda_norm_workspace_bytes(int64_t columns) { return 2 * partita::kNormStripes * columns * 4; }

ptc_status ptc_cuda_layer_norm_backward(void* stream, int32_t dtype, const void* d_y, const void* x,
                                        const float* gamma, const float* mean, const float* rstd, int64_t rows,
                                        int64_t columns, void* d_x, float* d_gamma, float* d_beta, void* workspace) {
  return guarded([&] {
    partita::require_shape(rows, columns, "norm_backward: rows or columns is out of range");
    partita::norm_backward_call<true>(OnGpu{stream}, dtype, d_y, x, gamma, mean, rstd, rows, columns, d_x, d_gamma,
                                      d_beta, static_cast<float*>(workspace));
  });
}

ptc_status ptc_cuda_rms_norm_backward(void* stream, int32_t dtype, const void* d_y, const void* x, const float* gamma,
                                      const float* rstd, int64_t rows, int64_t columns, void* d_x, float* d_gamma,
                                      void* workspace) {
  return guarded([&] {
    partita::require_shape(rows, columns, "norm_backward: rows or columns is out of range");
    partita::norm_backward_call<false>(OnGpu{stream}, dtype, d_y, x, gamma, nullptr, rstd, rows, columns, d_x,
                                       d_gamma, nullptr, static_cast<float*>(workspace));
  });
}

ptc_status ptc_cuda_gelu(void* stream, int32_t dtype, int32_t kind, const void* x, int64_t count, void* y) {
  return guarded([&] { partita::gelu_call(OnGpu{stream}, dtype, kind, x, count, y); });
}

ptc_status ptc_cuda_gelu_backward(void* stream, int32_t dtype, int32_t kind, const void* d_y, const void* x,
                                  int64_t count, void* d_x) {
  return guarded([&] { partita::gelu_backward_call(OnGpu{stream}, dtype, kind, d_y, x, count, d_x); });
}

ptc_status ptc_cuda_swiglu(void* stream, int32_t dtype, const void* gate, const void* up, int64_t count, void* y) {
  return guarded([&] { partita::swiglu_call(OnGpu{stream}, dtype, gate, up, count, y); });
}

ptc_status ptc_cuda_swiglu_backward(void* stream, int32_t dtype, const void* d_y, const void* gate, const void* up,
                                    int64_t count, void* d_gate, void* d_up) {
  return guarded([&] { partita::swiglu_backward_call(OnGpu{stream}, dtype, d_y, gate, up, count, d_gate, d_up); });
}

ptc_status ptc_cuda_dropout(void* stream, int32_t dtype, const void* x, int64_t count, float probability,
                            int64_t seed, int64_t offset, void* y) {
  return guarded([&] { partita::dropout_call(OnGpu{stream}, dtype, x, count, probability, seed, offset, y); });
}

ptc_status ptc_cuda_rotary(void* stream, int32_t dtype, int32_t kind, int32_t backward, const void* x,
                           const int32_t* positions, int64_t tokens, int64_t heads, int64_t head_dim,
                           const float* table, int64_t table_positions, void* y) {
  return guarded([&] {
    partita::rotary_call(OnGpu{stream}, dtype, kind, backward, x, positions, tokens, heads, head_dim, table,
                         table_positions, y);
  });
}

ptc_status ptc_cuda_embedding_bag(void* stream, int32_t dtype, const void* weight, int64_t rows, int64_t dim,
                                  const int32_t* ids, int32_t id_count, const int32_t* offsets, int32_t bags,
                                  int32_t mode, float* out) {
  return guarded([&] {
    partita::embedding_bag_call(OnGpu{stream}, dtype, weight, rows, dim, ids, id_count, offsets, bags, mode, out);
  });
}
