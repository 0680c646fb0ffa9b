// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Losses and layers at the C boundary.
#include "counted_memory.h"
#include "layer_calls.h"

using partita::Buffer;
using partita::guarded;
using partita::OnCpu;
using partita::require;

ptc_status ptc_softmax_cross_entropy(ptc_pool* pool, int32_t dtype, const void* logits, const int64_t* labels,
                                     int64_t rows, int64_t classes, float scale, float* losses, void* d_logits) {
  return guarded([&] {
    partita::cross_entropy_call(OnCpu{pool}, dtype, logits, labels, rows, classes, scale, losses, d_logits);
  });
}

ptc_status ptc_layer_norm(ptc_pool* pool, int32_t dtype, const void* x, const float* gamma, const float* beta,
                          int64_t rows, int64_t columns, float epsilon, void* y, float* mean, float* rstd) {
  return guarded([&] {
    partita::norm_call<true>(OnCpu{pool}, dtype, x, gamma, beta, rows, columns, epsilon, y, mean, rstd);
  });
}

ptc_status ptc_rms_norm(ptc_pool* pool, int32_t dtype, const void* x, const float* gamma, int64_t rows,
                        int64_t columns, float epsilon, void* y, float* rstd) {
  return guarded([&] {
    partita::norm_call<false>(OnCpu{pool}, dtype, x, gamma, nullptr, rows, columns, epsilon, y, nullptr, rstd);
  });
}

ptc_status ptc_layer_norm_backward(ptc_pool* pool, int32_t dtype, const void* d_y, const void* x, const float* gamma,
                                   const float* mean, const float* rstd, int64_t rows, int64_t columns, void* d_x,
                                   float* d_gamma, float* d_beta) {
  return guarded([&] {
    partita::require_shape(rows, columns, "norm_backward: rows or columns is out of range");
    Buffer<float> partial;
    partita::norm_backward_call<true>(OnCpu{pool}, dtype, d_y, x, gamma, mean, rstd, rows, columns, d_x, d_gamma,
                                      d_beta, partial.at_least(2 * partita::kNormStripes * columns));
  });
}

ptc_status ptc_rms_norm_backward(ptc_pool* pool, int32_t dtype, const void* d_y, const void* x, const float* gamma,
                                 const float* rstd, int64_t rows, int64_t columns, void* d_x, float* d_gamma) {
  return guarded([&] {
    partita::require_shape(rows, columns, "norm_backward: rows or columns is out of range");
    Buffer<float> partial;
    partita::norm_backward_call<false>(OnCpu{pool}, dtype, d_y, x, gamma, nullptr, rstd, rows, columns, d_x, d_gamma,
                                       nullptr, partial.at_least(2 * partita::kNormStripes * columns));
  });
}

ptc_status ptc_gelu(ptc_pool* pool, int32_t dtype, int32_t kind, const void* x, int64_t count, void* y) {
  return guarded([&] { partita::gelu_call(OnCpu{pool}, dtype, kind, x, count, y); });
}

ptc_status ptc_gelu_backward(ptc_pool* pool, int32_t dtype, int32_t kind, const void* d_y, const void* x,
                             int64_t count, void* d_x) {
  return guarded([&] { partita::gelu_backward_call(OnCpu{pool}, dtype, kind, d_y, x, count, d_x); });
}

ptc_status ptc_swiglu(ptc_pool* pool, int32_t dtype, const void* gate, const void* up, int64_t count, void* y) {
  return guarded([&] { partita::swiglu_call(OnCpu{pool}, dtype, gate, up, count, y); });
}

ptc_status ptc_swiglu_backward(ptc_pool* pool, int32_t dtype, const void* d_y, const void* gate, const void* up,
                               int64_t count, void* d_gate, void* d_up) {
  return guarded([&] { partita::swiglu_backward_call(OnCpu{pool}, dtype, d_y, gate, up, count, d_gate, d_up); });
}

ptc_status ptc_dropout(ptc_pool* pool, int32_t dtype, const void* x, int64_t count, float probability, int64_t seed,
                       int64_t offset, void* y) {
  return guarded([&] { partita::dropout_call(OnCpu{pool}, dtype, x, count, probability, seed, offset, y); });
}

ptc_status ptc_rotary_table(int64_t positions, int64_t head_dim, double base, float* table) {
  return guarded([&] {
    require(head_dim >= 2 && head_dim <= 65536 && head_dim % 2 == 0,
            "ptc_rotary_table: head_dim must be even, 2 to 65536");
    require(positions >= 0 && positions <= int64_t{1} << 30, "ptc_rotary_table: positions must be 0 to 2^30");
    require(std::isfinite(base) && base > 0, "ptc_rotary_table: base must be finite and above 0");
    require(positions == 0 || table != nullptr, "ptc_rotary_table: table is null");
    int64_t half = head_dim / 2;
    for (int64_t i = 0; i < half; i++) {
      double frequency = std::pow(base, -static_cast<double>(i) / static_cast<double>(half));
      for (int64_t p = 0; p < positions; p++) {
        table[2 * p * half + i] = static_cast<float>(std::cos(static_cast<double>(p) * frequency));
        table[(2 * p + 1) * half + i] = static_cast<float>(std::sin(static_cast<double>(p) * frequency));
      }
    }
  });
}

ptc_status ptc_rotary(ptc_pool* pool, int32_t dtype, int32_t kind, int32_t backward, const void* x,
                      const int32_t* positions, int64_t tokens, int64_t heads, int64_t head_dim, const float* table,
                      int64_t table_positions, void* y) {
  return guarded([&] {
    partita::rotary_call(OnCpu{pool}, dtype, kind, backward, x, positions, tokens, heads, head_dim, table,
                         table_positions, y);
  });
}

ptc_status ptc_embedding_bag(ptc_pool* pool, int32_t dtype, const void* weight, int64_t rows, int64_t dim,
                             const int32_t* ids, int32_t id_count, const int32_t* offsets, int32_t bags,
                             int32_t mode, float* out) {
  return guarded([&] {
    partita::embedding_bag_call(OnCpu{pool}, dtype, weight, rows, dim, ids, id_count, offsets, bags, mode, out);
  });
}
