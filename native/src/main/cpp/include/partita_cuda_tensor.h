/* SPDX-FileCopyrightText: 2026 The Partita authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The kernels of partita_tensor.h and partita_optimizer.h on a CUDA device: the same arguments, the same bits.
 *
 * As in partita_cuda.h, pointers are device memory unless a comment says host, `stream` is a cudaStream_t, and
 * a call only enqueues work. Work space is the caller's. What lies on the device cannot be checked by the
 * host: a label, id or position out of range makes NaN of its row; a gather counts it. PTC_INVALID_ARGUMENT
 * tells of wrong sizes, PTC_INTERNAL of a launch that CUDA refused; ptc_cuda_last_error() says why.
 */
#ifndef PARTITA_CUDA_TENSOR_H
#define PARTITA_CUDA_TENSOR_H

#include "partita_cuda.h"
#include "partita_image.h"
#include "partita_optimizer.h"

#ifdef __cplusplus
extern "C" {
#endif

PTC_API ptc_status ptc_cuda_convert(void* stream, int32_t in_dtype, const void* in, int32_t out_dtype, void* out,
                                    int64_t count, float scale);
/* workspace: ptc_cuda_largest_magnitude_workspace_bytes(count) bytes. */
PTC_API int64_t ptc_cuda_largest_magnitude_workspace_bytes(int64_t count);
PTC_API ptc_status ptc_cuda_largest_magnitude(void* stream, int32_t dtype, const void* values, int64_t count,
                                              void* workspace, float* out);
/* A row whose index is out of range becomes zeros and is counted in *refused (the caller sets it to 0). */
PTC_API ptc_status ptc_cuda_gather_rows(void* stream, const void* in, int64_t rows, int64_t row_bytes,
                                        const int64_t* index, int64_t count, void* out, int32_t* refused);

/* ptc_image_resize, pixels and out on the device; `form` is host memory. workspace: as many bytes as the function says. */
PTC_API int64_t ptc_cuda_image_resize_workspace_bytes(const ptc_image_form* form, int32_t width, int32_t height);
PTC_API ptc_status ptc_cuda_image_resize(void* stream, const ptc_image_form* form, const uint8_t* pixels,
                                         int32_t width, int32_t height, void* workspace, void* out);

PTC_API ptc_status ptc_cuda_softmax_cross_entropy(void* stream, int32_t dtype, const void* logits,
                                                  const int64_t* labels, int64_t rows, int64_t classes, float scale,
                                                  float* losses, void* d_logits);

PTC_API ptc_status ptc_cuda_layer_norm(void* stream, int32_t dtype, const void* x, const float* gamma,
                                       const float* beta, int64_t rows, int64_t columns, float epsilon, void* y,
                                       float* mean, float* rstd);
PTC_API ptc_status ptc_cuda_rms_norm(void* stream, int32_t dtype, const void* x, const float* gamma, int64_t rows,
                                     int64_t columns, float epsilon, void* y, float* rstd);
/* partial: work space of ptc_cuda_norm_workspace_bytes(columns) bytes. */
PTC_API int64_t ptc_cuda_norm_workspace_bytes(int64_t columns);
PTC_API ptc_status ptc_cuda_layer_norm_backward(void* stream, int32_t dtype, const void* d_y, const void* x,
                                                const float* gamma, const float* mean, const float* rstd,
                                                int64_t rows, int64_t columns, void* d_x, float* d_gamma,
                                                float* d_beta, void* workspace);
PTC_API ptc_status ptc_cuda_rms_norm_backward(void* stream, int32_t dtype, const void* d_y, const void* x,
                                              const float* gamma, const float* rstd, int64_t rows, int64_t columns,
                                              void* d_x, float* d_gamma, void* workspace);

PTC_API ptc_status ptc_cuda_gelu(void* stream, int32_t dtype, int32_t kind, const void* x, int64_t count, void* y);
PTC_API ptc_status ptc_cuda_gelu_backward(void* stream, int32_t dtype, int32_t kind, const void* d_y, const void* x,
                                          int64_t count, void* d_x);
PTC_API ptc_status ptc_cuda_swiglu(void* stream, int32_t dtype, const void* gate, const void* up, int64_t count,
                                   void* y);
PTC_API ptc_status ptc_cuda_swiglu_backward(void* stream, int32_t dtype, const void* d_y, const void* gate,
                                            const void* up, int64_t count, void* d_gate, void* d_up);
PTC_API ptc_status ptc_cuda_dropout(void* stream, int32_t dtype, const void* x, int64_t count, float probability,
                                    int64_t seed, int64_t offset, void* y);
/* table: of ptc_rotary_table, copied to the device. */
PTC_API ptc_status ptc_cuda_rotary(void* stream, int32_t dtype, int32_t kind, int32_t backward, const void* x,
                                   const int32_t* positions, int64_t tokens, int64_t heads, int64_t head_dim,
                                   const float* table, int64_t table_positions, void* y);
/* The gradient of the mean is ptc_cuda_row_gradient_build. */
PTC_API ptc_status ptc_cuda_embedding_bag(void* stream, int32_t dtype, const void* weight, int64_t rows, int64_t dim,
                                          const int32_t* ids, int32_t id_count, const int32_t* offsets, int32_t bags,
                                          int32_t mode, float* out);

/* `updates` itself is on the host and may go when the call returns; what it points to is on the device.
 * workspace: ptc_cuda_square_sum_workspace_bytes(updates, count) bytes. */
PTC_API int64_t ptc_cuda_square_sum_workspace_bytes(const ptc_update* updates, int32_t count);
PTC_API ptc_status ptc_cuda_gradient_square_sum(void* stream, const ptc_update* updates, int32_t count,
                                                void* workspace, double* square_sum);
PTC_API ptc_status ptc_cuda_gradient_factor(void* stream, const double* square_sum, float loss_scale, float max_norm,
                                            float* factor);
PTC_API ptc_status ptc_cuda_sgd_step(void* stream, const ptc_update* updates, int32_t count, const float* factor,
                                     float learning_rate, float momentum, int32_t nesterov);
PTC_API ptc_status ptc_cuda_adamw_step(void* stream, const ptc_update* updates, int32_t count, const float* factor,
                                       float learning_rate, float beta1, float beta2, float epsilon, int64_t step);
/* workspace: ptc_cuda_muon_workspace_bytes(rows, columns) bytes. */
PTC_API int64_t ptc_cuda_muon_workspace_bytes(int64_t rows, int64_t columns);
PTC_API ptc_status ptc_cuda_muon_step(void* stream, const ptc_update* update, int64_t rows, int64_t columns,
                                      const float* factor, float learning_rate, float momentum, int32_t nesterov,
                                      int32_t iterations, int32_t scaling, void* workspace);

#ifdef __cplusplus
}
#endif
#endif
