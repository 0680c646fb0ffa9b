// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The reference: what every other path must equal bit for bit.
#include "float_kernels.h"
#include "float_math.h"

namespace partita {
namespace {

void scale(float* out, const float* a, float factor, std::int64_t n) {
  for (std::int64_t i = 0; i < n; i++) out[i] = a[i] * factor;
}

void add(float* out, const float* a, const float* b, std::int64_t n) {
  for (std::int64_t i = 0; i < n; i++) out[i] = a[i] + b[i];
}

void sum(float* out, const float* const* sources, int count, std::int64_t n) {
  for (std::int64_t i = 0; i < n; i++) {
    float total = sources[0][i];
    for (int s = 1; s < count; s++) total += sources[s][i];
    out[i] = total;
  }
}

void adamw_row(float* weight, float* m, float* v, const float* gradient, std::int64_t n,
               const AdamWStep& step) {
  float lane[kLanes] = {};
  for (std::int64_t i = 0; i < n; i++) lane[i % kLanes] += gradient[i] * gradient[i];
  *v = row_second_moment(*v, add_lanes(lane), static_cast<float>(n), step);
  float size = row_step_size(*v, step);
  for (std::int64_t i = 0; i < n; i++) adamw_row_element(weight[i], m[i], gradient[i], size, step);
}

void adamw_dense(float* weight, float* m, float* v, const float* gradient, std::int64_t n,
                 const AdamWStep& step) {
  for (std::int64_t i = 0; i < n; i++) adamw_dense_element(weight[i], m[i], v[i], gradient[i], step);
}

}  // namespace

const FloatKernels kScalarKernels{scale, add, sum, adamw_row, adamw_dense};

const float* tree_sum(const FloatKernels& kernels, const float* const* sources, int count, float* scratch,
                      std::int64_t n) {
  const float* node[8] = {};
  for (int i = 0; i < count; i++) node[i] = sources[i];
  for (int width = 8; width > 1; width /= 2) {
    for (int i = 0; i < width / 2; i++) {
      const float* left = node[2 * i];
      const float* right = node[2 * i + 1];
      if (left != nullptr && right != nullptr) {
        kernels.add(scratch, left, right, n);
        node[i] = scratch;
        scratch += n;
      } else {
        node[i] = left != nullptr ? left : right;
      }
    }
  }
  return node[0];
}

}  // namespace partita
