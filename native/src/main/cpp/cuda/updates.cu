// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Optimizers over many tensors: a block a chunk, up to 48 tensors in one launch.
#include "on_gpu.h"
#include "partita_cuda_tensor.h"
#include "update_calls.h"

namespace partita::cuda {
namespace {

struct Factor {
  const double* square_sum;
  float loss_scale, max_norm;
  float* factor;

  PTC_BOTH void operator()(std::int64_t) const { *factor = gradient_factor(*square_sum, loss_scale, max_norm); }
};

}  // namespace
}  // namespace partita::cuda

using partita::guarded;
using partita::require;
using partita::cuda::OnGpu;

int64_t ptc_cuda_square_sum_workspace_bytes(const ptc_update* updates, int32_t count) {
  return 8 * (partita::chunks_of(updates, count) + 1);
}

ptc_status ptc_cuda_gradient_square_sum(void* stream, const ptc_update* updates, int32_t count, void* workspace,
                                        double* square_sum) {
  return guarded([&] {
    require(square_sum != nullptr && workspace != nullptr, "ptc_cuda_gradient_square_sum: a pointer is null");
    partita::require_updates(updates, count, {false, false});
    partita::square_sum_call(OnGpu{stream}, updates, count, static_cast<double*>(workspace), square_sum);
  });
}

ptc_status ptc_cuda_gradient_factor(void* stream, const double* square_sum, float loss_scale, float max_norm,
                                    float* factor) {
  return guarded([&] {
    require(factor != nullptr && square_sum != nullptr, "ptc_cuda_gradient_factor: a pointer is null");
    require(std::isfinite(loss_scale) && loss_scale > 0, "ptc_cuda_gradient_factor: loss_scale must be finite, above 0");
    require(std::isfinite(max_norm) && max_norm >= 0, "ptc_cuda_gradient_factor: max_norm must be finite, 0 or above");
    partita::cuda::each(stream, 1, partita::cuda::Factor{square_sum, loss_scale, max_norm, factor});
  });
}

ptc_status ptc_cuda_sgd_step(void* stream, const ptc_update* updates, int32_t count, const float* factor,
                             float learning_rate, float momentum, int32_t nesterov) {
  return guarded([&] {
    partita::sgd_call(OnGpu{stream}, updates, count, factor, learning_rate, momentum, nesterov);
  });
}

ptc_status ptc_cuda_adamw_step(void* stream, const ptc_update* updates, int32_t count, const float* factor,
                               float learning_rate, float beta1, float beta2, float epsilon, int64_t step) {
  return guarded([&] {
    partita::adamw_call(OnGpu{stream}, updates, count, factor, learning_rate, beta1, beta2, epsilon, step);
  });
}
