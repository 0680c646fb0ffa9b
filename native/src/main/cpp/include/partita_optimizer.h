/* SPDX-FileCopyrightText: 2026 The Partita authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Optimizers over many tensors in one call and one pass: unscaling, clipping, weight decay, the moments, the
 * float32 weight and its bfloat16 copy. Threads, errors and numbers as in partita_tensor.h.
 */
#ifndef PARTITA_OPTIMIZER_H
#define PARTITA_OPTIMIZER_H

#include "partita_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One tensor of an optimizer. Everything it points to has `count` values and belongs to the caller. */
typedef struct ptc_update {
  float* weight;             /* the master weight, updated */
  float* m;                  /* first moment or momentum, updated; begins with zeros */
  float* v;                  /* second moment (AdamW; others: null), updated; begins with zeros */
  const void* gradient;      /* of gradient_dtype, possibly scaled */
  uint16_t* bfloat16_weight; /* receives the new weight rounded to bfloat16; or null */
  int64_t count;
  int32_t gradient_dtype; /* PTC_FLOAT32, PTC_BFLOAT16 or PTC_FLOAT16 */
  float weight_decay;     /* decoupled (Loshchilov, Hutter 2019): weight *= 1 - learning_rate * weight_decay */
} ptc_update;

/* Sum of the squares of all gradients as they are, in double, in a fixed order: per 16,384 values in 32 lanes,
 * then over those. NaN or infinity if there is one. Ranks that hold shards add their sums. */
PTC_API ptc_status ptc_gradient_square_sum(ptc_pool* pool, const ptc_update* updates, int32_t count,
                                           double* square_sum);
/* What gradients must be multiplied with: 1 / loss_scale, and if their norm after that is above max_norm
 * (0: no limit), max_norm / norm as well. NaN if square_sum is not finite. loss_scale: finite, above 0. */
PTC_API ptc_status ptc_gradient_factor(double square_sum, float loss_scale, float max_norm, float* factor);

/* The steps below multiply each gradient with *factor first (null: 1), and do nothing at all if it is NaN:
 * that skips an iteration whose gradients overflowed. The count of tensors may be 0. */

/* m = momentum * m + g; weight = weight * keep - learning_rate * (nesterov ? g + momentum * m : m).
 * m may be null if momentum is 0. */
PTC_API ptc_status ptc_sgd_step(ptc_pool* pool, const ptc_update* updates, int32_t count, const float* factor,
                                float learning_rate, float momentum, int32_t nesterov);
/* AdamW, the bits of ptc_dense_adamw; step counts from 1. */
PTC_API ptc_status ptc_adamw_step(ptc_pool* pool, const ptc_update* updates, int32_t count, const float* factor,
                                  float learning_rate, float beta1, float beta2, float epsilon, int64_t step);

#define PTC_MUON_ORIGINAL 0    /* learning rate * sqrt(max(1, rows / columns)) */
#define PTC_MUON_MATCH_ADAMW 1 /* learning rate * 0.2 * sqrt(max(rows, columns)): updates as large as AdamW's */

/* Muon (Jordan et al. 2024) for one matrix [rows, columns], each 1 to 65536; update->count = rows * columns:
 *   m = momentum * m + (1 - momentum) * g;  u = nesterov ? momentum * m + (1 - momentum) * g : m
 *   weight = weight * keep - learning rate * orthogonal(u)
 * orthogonal: `iterations` (1 to 20, commonly 5) of the quintic Newton-Schulz iteration with the coefficients
 * 3.4445, -4.7750, 2.0315, which bring the singular values near 1 (about 0.7 to 1.2). The products are our own,
 * in float32 with sums from left to right; work space of 2 * rows * columns + 2 * min(rows, columns)^2 floats
 * is taken during the call. */
PTC_API ptc_status ptc_muon_step(ptc_pool* pool, const ptc_update* update, int64_t rows, int64_t columns,
                                 const float* factor, float learning_rate, float momentum, int32_t nesterov,
                                 int32_t iterations, int32_t scaling);

/* c [m, n] = a [m, k] * b [k, n] in float32, each element summed from left to right: the product that Muon
 * uses, for tests and comparisons. b_transposed != 0: b is [n, k]. */
PTC_API ptc_status ptc_matrix_product(ptc_pool* pool, const float* a, const float* b, int64_t m, int64_t n,
                                      int64_t k, int32_t b_transposed, float* c);

#ifdef __cplusplus
}
#endif
#endif
