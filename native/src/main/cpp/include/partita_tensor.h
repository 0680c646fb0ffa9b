/* SPDX-FileCopyrightText: 2026 The Partita authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Kernels that are bound by memory: conversions, losses and layers, forward and backward.
 *
 * Tensors  are row-major and contiguous; [rows, columns] in a comment is a shape. Every pointer is the
 *          caller's, is read or written during the call only, and needs the alignment of its type (32 bytes
 *          are faster). Outputs may not overlap inputs unless the comment says that they may be the same.
 *          Sizes may be 0; a count is at most 2^46.
 * dtype    PTC_FLOAT32, PTC_BFLOAT16 or PTC_FLOAT16 of the activations. Whatever is stored, the arithmetic
 *          is float32; parameters, statistics, losses and gradients of parameters are float32 always.
 * Threads  A call works in the caller's thread and in those of `pool` (null: in the caller's alone). Any
 *          number of threads may call at the same time; those that share a pool take turns, and PTC_TIMEOUT
 *          tells that the turn did not come in time (nothing has been written then). Nothing else waits.
 * Errors   PTC_INVALID_ARGUMENT before anything is written; PTC_OUT_OF_MEMORY where the comment names work
 *          space. ptc_last_error() has the value that was wrong.
 * Numbers  The same bits for any number of threads, with or without AVX2, and from the CUDA twin. NaN and
 *          infinity go the way of IEEE 754; which NaN comes out is not defined. A stated error is relative
 *          to the float64 result, for float32; for the other types their rounding (2^-8, 2^-11) comes on top.
 */
#ifndef PARTITA_TENSOR_H
#define PARTITA_TENSOR_H

#include "partita_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Types of stored values. */
#define PTC_FLOAT32 0
#define PTC_BFLOAT16 1
#define PTC_FLOAT16 2
#define PTC_INT8 3

/* ---- threads --------------------------------------------------------------------------------- */

typedef struct ptc_pool ptc_pool;

/* threads: 1 to 64, the caller's among them. timeout_millis > 0: how long a call waits for its turn.
 * The handle may be shared by any number of threads. Destroy it when no call uses it any more. */
PTC_API ptc_status ptc_pool_create(int32_t threads, int32_t timeout_millis, ptc_pool** out);
PTC_API void ptc_pool_destroy(ptc_pool* pool);

/* ---- conversion, gather ------------------------------------------------------------------------ */

/* out[i] = in[i] in another type, count values. Rounds to nearest, ties to even; what is too large for
 * float16 becomes infinity; NaN stays NaN. int8 holds value / scale, rounded and cut to [-127, 127], NaN
 * as 0; reading int8 gives value * scale. scale: finite and above 0; without int8 it is not used.
 * Any pair of types; int8 to int8 copies. */
PTC_API ptc_status ptc_convert(ptc_pool* pool, int32_t in_dtype, const void* in, int32_t out_dtype, void* out,
                               int64_t count, float scale);
/* The largest absolute value (0 of nothing, NaN if there is one): divided by 127, the scale for int8. */
PTC_API ptc_status ptc_largest_magnitude(ptc_pool* pool, int32_t dtype, const void* values, int64_t count,
                                         float* out);
/* out[k] = in[index[k]], rows of row_bytes bytes; in has `rows` rows, index and out have `count`. All
 * indices are checked before anything is written; the message names the first that is out of range. */
PTC_API ptc_status ptc_gather_rows(ptc_pool* pool, const void* in, int64_t rows, int64_t row_bytes,
                                   const int64_t* index, int64_t count, void* out);

/* ---- loss --------------------------------------------------------------------------------------- */

/* Softmax cross-entropy with its gradient, each row read from memory once:
 *   losses[r] = log(sum_c e^logits[r, c]) - logits[r, labels[r]]
 *   d_logits[r, c] = scale * (softmax(logits[r])[c] - (c == labels[r]))
 * logits and d_logits [rows, classes], may be the same; labels[rows] from 0 to classes - 1, or -1 for a row
 * that does not count (loss and gradient 0); losses[rows] float32. scale: for example the loss scale divided
 * by the number of rows of the global batch. Error: loss 1e-6 absolutely plus 1e-6; gradient 2e-6 * scale. */
PTC_API ptc_status ptc_softmax_cross_entropy(ptc_pool* pool, int32_t dtype, const void* logits,
                                             const int64_t* labels, int64_t rows, int64_t classes, float scale,
                                             float* losses, void* d_logits);

/* ---- normalisation ------------------------------------------------------------------------------ */

/* y = (x - mean) / sqrt(variance + epsilon) * gamma + beta over each row (Ba, Kiros, Hinton 2016).
 * x, y [rows, columns], may be the same; gamma, beta [columns], each may be null for 1 and 0;
 * mean, rstd [rows] are kept for the backward pass. epsilon >= 0. */
PTC_API ptc_status ptc_layer_norm(ptc_pool* pool, int32_t dtype, const void* x, const float* gamma,
                                  const float* beta, int64_t rows, int64_t columns, float epsilon, void* y,
                                  float* mean, float* rstd);
/* d_x [rows, columns] may be d_y; d_gamma, d_beta [columns] are overwritten. Rows are summed in 64 stripes of
 * equal length, then stripe by stripe; work space of 128 * columns floats is taken during the call. */
PTC_API ptc_status ptc_layer_norm_backward(ptc_pool* pool, int32_t dtype, const void* d_y, const void* x,
                                           const float* gamma, const float* mean, const float* rstd,
                                           int64_t rows, int64_t columns, void* d_x, float* d_gamma,
                                           float* d_beta);
/* y = x / sqrt(mean of squares + epsilon) * gamma (Zhang, Sennrich 2019); otherwise as above. */
PTC_API ptc_status ptc_rms_norm(ptc_pool* pool, int32_t dtype, const void* x, const float* gamma, int64_t rows,
                                int64_t columns, float epsilon, void* y, float* rstd);
PTC_API ptc_status ptc_rms_norm_backward(ptc_pool* pool, int32_t dtype, const void* d_y, const void* x,
                                         const float* gamma, const float* rstd, int64_t rows, int64_t columns,
                                         void* d_x, float* d_gamma);

/* ---- activations --------------------------------------------------------------------------------- */

#define PTC_GELU_ERF 0  /* x * P(X <= x), X standard normal (Hendrycks, Gimpel 2016) */
#define PTC_GELU_TANH 1 /* its approximation by 0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) */

/* count values; y may be x. Error 2e-6 (relative to |x| for backward), for x >= -4. */
PTC_API ptc_status ptc_gelu(ptc_pool* pool, int32_t dtype, int32_t kind, const void* x, int64_t count, void* y);
/* d_x may be d_y. */
PTC_API ptc_status ptc_gelu_backward(ptc_pool* pool, int32_t dtype, int32_t kind, const void* d_y, const void* x,
                                     int64_t count, void* d_x);
/* y = gate * sigmoid(gate) * up (Shazeer 2020), count values; y may be gate or up. */
PTC_API ptc_status ptc_swiglu(ptc_pool* pool, int32_t dtype, const void* gate, const void* up, int64_t count,
                              void* y);
/* d_gate and d_up may be gate, up or d_y, but not the same. */
PTC_API ptc_status ptc_swiglu_backward(ptc_pool* pool, int32_t dtype, const void* d_y, const void* gate,
                                       const void* up, int64_t count, void* d_gate, void* d_up);

/* y[i] = x[i] / (1 - probability), or 0 with the probability, from 0 to below 1; y may be x. The gradient is
 * the same call on d_y. The bits come from Philox4x32-10 (Salmon et al. 2011): key = seed, counter = offset *
 * 2^64 + i / 32 * 8 + i mod 8, word i / 8 mod 4 of it; so they depend on seed, offset and i only. Use
 * another offset for each layer and iteration. */
PTC_API ptc_status ptc_dropout(ptc_pool* pool, int32_t dtype, const void* x, int64_t count, float probability,
                               int64_t seed, int64_t offset, void* y);

/* ---- positions, embeddings ------------------------------------------------------------------------- */

/* table [positions, 2, head_dim / 2], float32: cosine, then sine of position / base^(2 i / head_dim),
 * computed in double. head_dim: even, 2 to 65536; base > 0, commonly 10000. */
PTC_API ptc_status ptc_rotary_table(int64_t positions, int64_t head_dim, double base, float* table);

#define PTC_ROTARY_HALVES 0 /* pairs are (i, i + head_dim / 2) */
#define PTC_ROTARY_PAIRS 1  /* pairs are (2 i, 2 i + 1) */

/* Turns each pair of x [tokens, heads, head_dim] by the angle of its token's position (Su et al. 2021);
 * backward != 0 turns back, which is the gradient. y may be x. positions[tokens] must be rows of the table,
 * which has table_positions. */
PTC_API ptc_status ptc_rotary(ptc_pool* pool, int32_t dtype, int32_t kind, int32_t backward, const void* x,
                              const int32_t* positions, int64_t tokens, int64_t heads, int64_t head_dim,
                              const float* table, int64_t table_positions, void* y);

#define PTC_BAG_SUM 0
#define PTC_BAG_MEAN 1

/* out[b] = sum or mean of weight[ids[k]] for offsets[b] <= k < offsets[b + 1], added from left to right; an
 * empty bag gives 0. weight [rows, dim] of dtype, out [bags, dim] float32; offsets[bags + 1] do not
 * decrease, begin with 0 and end with id_count; ids are from 0 to rows - 1. All are checked first. */
PTC_API ptc_status ptc_embedding_bag(ptc_pool* pool, int32_t dtype, const void* weight, int64_t rows,
                                     int64_t dim, const int32_t* ids, int32_t id_count, const int32_t* offsets,
                                     int32_t bags, int32_t mode, float* out);
/* The gradient of weight as sorted unique rows (those of ids, and no others); d_out [bags, dim], dim being
 * that of `into`, whose content is replaced. Works in the caller's thread. */
PTC_API ptc_status ptc_embedding_bag_backward(const float* d_out, const int32_t* ids, int32_t id_count,
                                              const int32_t* offsets, int32_t bags, int32_t mode,
                                              ptc_row_gradient* into);

#ifdef __cplusplus
}
#endif
#endif
