// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The arithmetic of one element, shared by the scalar reference and the CUDA twin.
#pragma once

#include <cmath>

#include "float_kernels.h"
#include "isa.h"

namespace partita {
inline namespace PTC_ISA {

constexpr int kLanes = 8;

PTC_BOTH inline float add_lanes(const float* lane) {
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

// The new second moment of a row, from the mean of its squared gradient.
PTC_BOTH inline float row_second_moment(float v, float square_sum, float n, const AdamWStep& step) {
  return step.beta2 * v + step.one_minus_beta2 * (square_sum / n);
}

// What the first moment of a row is multiplied with.
PTC_BOTH inline float row_step_size(float v, const AdamWStep& step) {
  return step.step_size / (sqrtf(v * step.v_correction) + step.epsilon);
}

PTC_BOTH inline void adamw_row_element(float& weight, float& m, float gradient, float size,
                                       const AdamWStep& step) {
  m = step.beta1 * m + step.one_minus_beta1 * gradient;
  weight = weight * step.keep - size * m;
}

PTC_BOTH inline void adamw_dense_element(float& weight, float& m, float& v, float gradient,
                                         const AdamWStep& step) {
  m = step.beta1 * m + step.one_minus_beta1 * gradient;
  v = step.beta2 * v + (step.one_minus_beta2 * gradient) * gradient;
  float root = sqrtf(v * step.v_correction) + step.epsilon;
  weight = weight * step.keep - (step.step_size * m) / root;
}

}  // namespace PTC_ISA
}  // namespace partita
