// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Optimizers over many tensors, at the C boundary.
#include "counted_memory.h"
#include "update_calls.h"

using partita::guarded;
using partita::OnCpu;
using partita::require;

ptc_status ptc_gradient_square_sum(ptc_pool* pool, const ptc_update* updates, int32_t count, double* square_sum) {
  return guarded([&] {
    require(square_sum != nullptr, "ptc_gradient_square_sum: square_sum is null");
    partita::require_updates(updates, count, {false, false});
    partita::Buffer<double> partial;
    auto chunks = static_cast<std::size_t>(partita::chunks_of(updates, count));
    partita::square_sum_call(OnCpu{pool}, updates, count, partial.at_least(chunks + 1), square_sum);
  });
}

ptc_status ptc_gradient_factor(double square_sum, float loss_scale, float max_norm, float* factor) {
  return guarded([&] {
    require(factor != nullptr, "ptc_gradient_factor: factor is null");
    require(std::isfinite(loss_scale) && loss_scale > 0, "ptc_gradient_factor: loss_scale must be finite, above 0");
    require(std::isfinite(max_norm) && max_norm >= 0, "ptc_gradient_factor: max_norm must be finite, 0 or above");
    *factor = partita::gradient_factor(square_sum, loss_scale, max_norm);
  });
}

ptc_status ptc_sgd_step(ptc_pool* pool, const ptc_update* updates, int32_t count, const float* factor,
                        float learning_rate, float momentum, int32_t nesterov) {
  return guarded([&] {
    partita::sgd_call(OnCpu{pool}, updates, count, factor, learning_rate, momentum, nesterov);
  });
}

ptc_status ptc_adamw_step(ptc_pool* pool, const ptc_update* updates, int32_t count, const float* factor,
                          float learning_rate, float beta1, float beta2, float epsilon, int64_t step) {
  return guarded([&] {
    partita::adamw_call(OnCpu{pool}, updates, count, factor, learning_rate, beta1, beta2, epsilon, step);
  });
}
