// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Eight floats at a time; the rest of a row (n mod 8) goes through the reference's arithmetic.
#include <immintrin.h>

#include "float_kernels.h"
#include "float_math.h"

namespace partita {
namespace {

void scale(float* out, const float* a, float factor, std::int64_t n) {
  __m256 f = _mm256_set1_ps(factor);
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8) _mm256_storeu_ps(out + i, _mm256_mul_ps(_mm256_loadu_ps(a + i), f));
  for (; i < n; i++) out[i] = a[i] * factor;
}

void add(float* out, const float* a, const float* b, std::int64_t n) {
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    _mm256_storeu_ps(out + i, _mm256_add_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i)));
  }
  for (; i < n; i++) out[i] = a[i] + b[i];
}

void sum(float* out, const float* const* sources, int count, std::int64_t n) {
  std::int64_t i = 0;
  for (; i + 32 <= n; i += 32) {
    const float* p = sources[0] + i;
    __m256 t0 = _mm256_loadu_ps(p), t1 = _mm256_loadu_ps(p + 8);
    __m256 t2 = _mm256_loadu_ps(p + 16), t3 = _mm256_loadu_ps(p + 24);
    for (int s = 1; s < count; s++) {
      p = sources[s] + i;
      t0 = _mm256_add_ps(t0, _mm256_loadu_ps(p));
      t1 = _mm256_add_ps(t1, _mm256_loadu_ps(p + 8));
      t2 = _mm256_add_ps(t2, _mm256_loadu_ps(p + 16));
      t3 = _mm256_add_ps(t3, _mm256_loadu_ps(p + 24));
    }
    _mm256_storeu_ps(out + i, t0);
    _mm256_storeu_ps(out + i + 8, t1);
    _mm256_storeu_ps(out + i + 16, t2);
    _mm256_storeu_ps(out + i + 24, t3);
  }
  for (; i < n; i++) {
    float total = sources[0][i];
    for (int s = 1; s < count; s++) total += sources[s][i];
    out[i] = total;
  }
}

void adamw_row(float* weight, float* m, float* v, const float* gradient, std::int64_t n,
               const AdamWStep& step) {
  __m256 squares = _mm256_setzero_ps();
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    __m256 g = _mm256_loadu_ps(gradient + i);
    squares = _mm256_add_ps(squares, _mm256_mul_ps(g, g));
  }
  alignas(32) float lane[kLanes];
  _mm256_store_ps(lane, squares);
  for (; i < n; i++) lane[i % kLanes] += gradient[i] * gradient[i];
  *v = row_second_moment(*v, add_lanes(lane), static_cast<float>(n), step);
  float size = row_step_size(*v, step);

  __m256 beta1 = _mm256_set1_ps(step.beta1), rest1 = _mm256_set1_ps(step.one_minus_beta1);
  __m256 keep = _mm256_set1_ps(step.keep), sizes = _mm256_set1_ps(size);
  for (i = 0; i + 8 <= n; i += 8) {
    __m256 moment = _mm256_add_ps(_mm256_mul_ps(beta1, _mm256_loadu_ps(m + i)),
                                  _mm256_mul_ps(rest1, _mm256_loadu_ps(gradient + i)));
    _mm256_storeu_ps(m + i, moment);
    __m256 w = _mm256_sub_ps(_mm256_mul_ps(_mm256_loadu_ps(weight + i), keep), _mm256_mul_ps(sizes, moment));
    _mm256_storeu_ps(weight + i, w);
  }
  for (; i < n; i++) adamw_row_element(weight[i], m[i], gradient[i], size, step);
}

void adamw_dense(float* weight, float* m, float* v, const float* gradient, std::int64_t n,
                 const AdamWStep& step) {
  __m256 beta1 = _mm256_set1_ps(step.beta1), rest1 = _mm256_set1_ps(step.one_minus_beta1);
  __m256 beta2 = _mm256_set1_ps(step.beta2), rest2 = _mm256_set1_ps(step.one_minus_beta2);
  __m256 correction = _mm256_set1_ps(step.v_correction), epsilon = _mm256_set1_ps(step.epsilon);
  __m256 keep = _mm256_set1_ps(step.keep), size = _mm256_set1_ps(step.step_size);
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8) {
    __m256 g = _mm256_loadu_ps(gradient + i);
    __m256 m1 = _mm256_add_ps(_mm256_mul_ps(beta1, _mm256_loadu_ps(m + i)), _mm256_mul_ps(rest1, g));
    __m256 v1 = _mm256_add_ps(_mm256_mul_ps(beta2, _mm256_loadu_ps(v + i)),
                              _mm256_mul_ps(_mm256_mul_ps(rest2, g), g));
    __m256 root = _mm256_add_ps(_mm256_sqrt_ps(_mm256_mul_ps(v1, correction)), epsilon);
    __m256 w = _mm256_sub_ps(_mm256_mul_ps(_mm256_loadu_ps(weight + i), keep),
                             _mm256_div_ps(_mm256_mul_ps(size, m1), root));
    _mm256_storeu_ps(m + i, m1);
    _mm256_storeu_ps(v + i, v1);
    _mm256_storeu_ps(weight + i, w);
  }
  for (; i < n; i++) adamw_dense_element(weight[i], m[i], v[i], gradient[i], step);
}

}  // namespace

const FloatKernels kAvx2Kernels{scale, add, sum, adamw_row, adamw_dense};

}  // namespace partita
