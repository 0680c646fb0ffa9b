// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// AdamW: first one thread a row finds the row's second moment and step size, adding squares in the eight
// lanes of the reference; then one thread a value updates it.
#include "float_math.h"
#include "launch.h"
#include "partita_cuda.h"

namespace partita::cuda {
namespace {

struct RowSizes {
  const std::int32_t* rows;
  const float* values;
  const std::int32_t* row_count;
  float* v;
  float* sizes;
  std::int32_t dim;
  AdamWStep step;

  PTC_BOTH void operator()(std::int64_t i) const {
    if (i >= *row_count) return;
    float lane[kLanes] = {};
    const float* gradient = values + i * dim;
    for (std::int32_t d = 0; d < dim; d++) lane[d % kLanes] += gradient[d] * gradient[d];
    float& moment = v[rows[i]];
    moment = row_second_moment(moment, add_lanes(lane), static_cast<float>(dim), step);
    sizes[i] = row_step_size(moment, step);
  }
};

struct UpdateRows {
  const std::int32_t* rows;
  const float* values;
  const std::int32_t* row_count;
  const float* sizes;
  float* weight;
  float* m;
  std::int32_t dim;
  AdamWStep step;

  PTC_BOTH void operator()(std::int64_t i) const {
    std::int64_t k = i / dim;
    if (k >= *row_count) return;
    std::int64_t at = static_cast<std::int64_t>(rows[k]) * dim + i % dim;
    adamw_row_element(weight[at], m[at], values[i], sizes[k], step);
  }
};

struct UpdateDense {
  float* weight;
  float* m;
  float* v;
  const float* gradient;
  AdamWStep step;

  PTC_BOTH void operator()(std::int64_t i) const {
    adamw_dense_element(weight[i], m[i], v[i], gradient[i], step);
  }
};

}  // namespace
}  // namespace partita::cuda

using partita::AdamWStep;
using partita::guarded;
using partita::require;

ptc_status ptc_cuda_rowwise_adamw(void* stream, float* weight, float* m, float* v, const int32_t* rows,
                                  const float* values, const int32_t* row_count, int32_t capacity, int32_t dim,
                                  float* row_sizes, float learning_rate, float beta1, float beta2, float epsilon,
                                  float weight_decay, int64_t step) {
  using namespace partita::cuda;
  return guarded([&] {
    require(capacity >= 0 && dim >= 1 && step >= 1, "ptc_cuda_rowwise_adamw: a size or the step is wrong");
    auto constants = AdamWStep::of(learning_rate, beta1, beta2, epsilon, weight_decay, step);
    each(stream, capacity, RowSizes{rows, values, row_count, v, row_sizes, dim, constants});
    each(stream, int64_t{capacity} * dim,
         UpdateRows{rows, values, row_count, row_sizes, weight, m, dim, constants});
  });
}

ptc_status ptc_cuda_dense_adamw(void* stream, float* weight, float* m, float* v, const float* gradient,
                                int64_t count, float learning_rate, float beta1, float beta2, float epsilon,
                                float weight_decay, int64_t step) {
  using namespace partita::cuda;
  return guarded([&] {
    require(count >= 0 && step >= 1, "ptc_cuda_dense_adamw: count or step is wrong");
    auto constants = AdamWStep::of(learning_rate, beta1, beta2, epsilon, weight_decay, step);
    each(stream, count, UpdateDense{weight, m, v, gradient, constants});
  });
}
