// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// AdamW at the C boundary: checks, then one pass over the rows or elements.
#include "float_kernels.h"
#include "row_gradient.h"
#include "status.h"

namespace partita {
namespace {

// Rows lie anywhere in hundreds of megabytes: ask for them a few rows before their turn.
constexpr std::int32_t kRowsAhead = 6;

void prefetch_row(const float* row, std::int64_t dim) {
  for (std::int64_t i = 0; i < dim; i += 16) __builtin_prefetch(row + i, 1);
}

AdamWStep checked_step(float learning_rate, float beta1, float beta2, float epsilon, float weight_decay,
                       std::int64_t step) {
  require(std::isfinite(learning_rate) && learning_rate >= 0, "adamw: learning_rate must be finite, 0 or above");
  require(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "adamw: beta1 and beta2 must be 0 to below 1");
  require(epsilon >= 0 && weight_decay >= 0, "adamw: epsilon and weight_decay must be 0 or above");
  require(step >= 1, "adamw: step counts from 1");
  return AdamWStep::of(learning_rate, beta1, beta2, epsilon, weight_decay, step);
}

}  // namespace
}  // namespace partita

using partita::guarded;
using partita::require;

ptc_status ptc_rowwise_adamw(float* weight, float* m, float* v, int64_t rows, const ptc_row_gradient* gradient,
                             float learning_rate, float beta1, float beta2, float epsilon, float weight_decay,
                             int64_t step) {
  return guarded([&] {
    require(weight != nullptr && m != nullptr && v != nullptr && gradient != nullptr,
            "ptc_rowwise_adamw: a pointer is null");
    auto constants = partita::checked_step(learning_rate, beta1, beta2, epsilon, weight_decay, step);
    const int32_t* row = gradient->rows.data();
    const int32_t count = gradient->count;
    const int64_t dim = gradient->dim;
    // Sorted, so the last one is the largest.
    require(count == 0 || row[count - 1] < rows, "ptc_rowwise_adamw: the gradient has a row beyond the weight");
    const auto update = partita::float_kernels().adamw_row;
    const float* values = gradient->values.data();
    for (int32_t i = 0; i < count; i++) {
      if (i + partita::kRowsAhead < count) {
        partita::prefetch_row(weight + row[i + partita::kRowsAhead] * dim, dim);
        partita::prefetch_row(m + row[i + partita::kRowsAhead] * dim, dim);
      }
      int64_t at = row[i] * dim;
      update(weight + at, m + at, v + row[i], values + i * dim, dim, constants);
    }
  });
}

ptc_status ptc_dense_adamw(float* weight, float* m, float* v, const float* gradient, int64_t count,
                           float learning_rate, float beta1, float beta2, float epsilon, float weight_decay,
                           int64_t step) {
  return guarded([&] {
    require(weight != nullptr && m != nullptr && v != nullptr && gradient != nullptr && count >= 0,
            "ptc_dense_adamw: a pointer is null or count is negative");
    auto constants = partita::checked_step(learning_rate, beta1, beta2, epsilon, weight_decay, step);
    partita::float_kernels().adamw_dense(weight, m, v, gradient, count, constants);
  });
}

int32_t ptc_count_correct(const float* scores, const int64_t* labels, int32_t count, int32_t classes) {
  int32_t correct = 0;
  ptc_status status = guarded([&] {
    require(count >= 0 && classes >= 1, "ptc_count_correct: a size is wrong");
    require(count == 0 || (scores != nullptr && labels != nullptr), "ptc_count_correct: a pointer is null");
    for (int32_t i = 0; i < count; i++) {
      const float* row = scores + static_cast<int64_t>(i) * classes;
      int32_t best = 0;
      for (int32_t c = 1; c < classes; c++) best = row[c] > row[best] ? c : best;
      correct += best == labels[i] ? 1 : 0;
    }
  });
  return status == PTC_OK ? correct : -1;
}
