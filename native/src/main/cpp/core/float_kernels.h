// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The float loops of the core, each as a scalar reference and as an AVX2 twin with the same bits:
// no fused multiply-add, IEEE square root and division, and sums in eight lanes, where element i
// belongs to lane i mod 8, added up at the end as ((0+4)+(2+6))+((1+5)+(3+7)).
#pragma once

#include <cmath>
#include <cstdint>

#include "cpu.h"
#include "partita_core.h"

namespace partita {

// What one AdamW update needs, the same for all its elements.
struct AdamWStep {
  float beta1, one_minus_beta1;
  float beta2, one_minus_beta2;
  float epsilon;
  float step_size;    // learning rate / (1 - beta1^step)
  float v_correction;  // 1 / (1 - beta2^step)
  float keep;         // 1 - learning rate * weight decay

  static AdamWStep of(float learning_rate, float beta1, float beta2, float epsilon, float weight_decay,
                      std::int64_t step) {
    auto power = static_cast<double>(step);
    AdamWStep s{};
    s.beta1 = beta1;
    s.one_minus_beta1 = 1.0f - beta1;
    s.beta2 = beta2;
    s.one_minus_beta2 = 1.0f - beta2;
    s.epsilon = epsilon;
    s.step_size = static_cast<float>(learning_rate / (1.0 - std::pow(static_cast<double>(beta1), power)));
    s.v_correction = static_cast<float>(1.0 / (1.0 - std::pow(static_cast<double>(beta2), power)));
    s.keep = 1.0f - learning_rate * weight_decay;
    return s;
  }
};

struct FloatKernels {
  // out = a * factor
  void (*scale)(float* out, const float* a, float factor, std::int64_t n);
  // out = a + b; out may be a
  void (*add)(float* out, const float* a, const float* b, std::int64_t n);
  // out = sources[0] + sources[1] + …, from left to right
  void (*sum)(float* out, const float* const* sources, int count, std::int64_t n);
  // one embedding row; v is its only second moment
  void (*adamw_row)(float* weight, float* m, float* v, const float* gradient, std::int64_t n,
                    const AdamWStep& step);
  void (*adamw_dense)(float* weight, float* m, float* v, const float* gradient, std::int64_t n,
                      const AdamWStep& step);
};

extern const FloatKernels kScalarKernels;
extern const FloatKernels kAvx2Kernels;

inline const FloatKernels& float_kernels() {
  return (cpu_features() & PTC_CPU_AVX2) != 0 ? kAvx2Kernels : kScalarKernels;
}

// The sum of up to eight sources as ((0+1)+(2+3))+((4+5)+(6+7)), null ones left out. `scratch` has
// room for 7 * n floats. Returns where the sum is: in scratch or, for a single source, there.
const float* tree_sum(const FloatKernels& kernels, const float* const* sources, int count, float* scratch,
                      std::int64_t n);

}  // namespace partita
