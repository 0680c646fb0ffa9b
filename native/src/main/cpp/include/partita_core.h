/* SPDX-FileCopyrightText: 2026 The Partita authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The whole of what the core offers, as flat C.
 *
 * Status   Functions that can fail return a ptc_status; ptc_last_error() then says why, for the
 *          calling thread. Nothing is thrown, nothing exits, nothing is printed.
 * Handles  are made by *_create and given back by *_destroy (null is ignored). A handle is used by
 *          one thread at a time unless its comment says otherwise.
 * Waiting  No call blocks without a time-out; sizes are checked before anything is allocated.
 * Results  are the same bits whatever the number of threads and the instruction set.
 */
#ifndef PARTITA_CORE_H
#define PARTITA_CORE_H

#include <stdint.h>

#ifndef PTC_API
#define PTC_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t ptc_status;

#define PTC_OK 0
#define PTC_INVALID_ARGUMENT 1
#define PTC_OUT_OF_MEMORY 2
#define PTC_TIMEOUT 3
#define PTC_INTERNAL 4

/* Bits of ptc_cpu_features. */
#define PTC_CPU_SSE42 1
#define PTC_CPU_AVX2 2
/* F, BW, DQ and VL */
#define PTC_CPU_AVX512 4
/* VBMI, VBMI2 and BMI2: for text */
#define PTC_CPU_AVX512_TEXT 8

/* ---- the library itself ---------------------------------------------------------------------- */

PTC_API const char* ptc_version(void);
/* Text of the last failure in this thread; empty before the first. Valid until the next failure. */
PTC_API const char* ptc_last_error(void);
/* Bits of what this processor can do and the core will use. */
PTC_API int32_t ptc_cpu_features(void);
/* For tests: use at most these features from now on (-1: all there are). Process-wide. */
PTC_API void ptc_limit_cpu_features(int32_t mask);
/* One small known calculation per kernel, scalar against vectorised; microseconds. */
PTC_API ptc_status ptc_self_check(void);

/* ---- memory ---------------------------------------------------------------------------------- */

/* Zeroed memory on a 64-byte boundary; of 4 MiB and more: on a 2 MiB boundary, huge pages asked for. */
PTC_API ptc_status ptc_alloc(int64_t bytes, void** out);
PTC_API void ptc_free(void* memory);
/* Bytes held by the core: ptc_alloc and the inside of all handles. */
PTC_API int64_t ptc_held_bytes(void);
/* Fills with uniform values in [low, high) from a counter-based generator (SplitMix64): element i
 * depends on seed and i only. */
PTC_API ptc_status ptc_fill_uniform(float* values, int64_t count, int64_t seed, float low, float high);
/* CRC32C (Castagnoli), continuing from crc (0 to begin). */
PTC_API int32_t ptc_crc32c(int32_t crc, const void* memory, int64_t bytes);

/* ---- text to features ------------------------------------------------------------------------ */

typedef struct ptc_featurizer ptc_featurizer;
typedef struct ptc_features ptc_features;

/* buckets: a power of two, 2 to 2^30. threads: 1 to 64, the caller's among them. With one thread any
 * number of threads may share the featurizer; with more, they take turns. */
PTC_API ptc_status ptc_featurizer_create(int32_t buckets, int32_t threads, ptc_featurizer** out);
PTC_API void ptc_featurizer_destroy(ptc_featurizer* featurizer);

PTC_API ptc_status ptc_features_create(ptc_features** out);
PTC_API void ptc_features_destroy(ptc_features* features);

/* Replaces the content of `into` by the features of `count` texts, each lengths[i] bytes of UTF-8 at
 * addresses[i]. At most 2^30 bytes altogether. Invalid UTF-8 separates words. timeout_millis > 0. */
PTC_API ptc_status ptc_featurize(ptc_featurizer* featurizer, int32_t count, const int64_t* addresses,
                                 const int32_t* lengths, int32_t timeout_millis, ptc_features* into);
/* As above, the texts lying behind each other in `bytes` (of which there are byte_count). */
PTC_API ptc_status ptc_featurize_packed(ptc_featurizer* featurizer, int32_t count, const int8_t* bytes,
                                        int64_t byte_count, const int32_t* lengths, int32_t timeout_millis,
                                        ptc_features* into);
/* Number of texts; number of ids; ids[ptc_features_count]; offsets[ptc_features_size + 1]. */
PTC_API int32_t ptc_features_size(const ptc_features* features);
PTC_API int32_t ptc_features_count(const ptc_features* features);
PTC_API const int32_t* ptc_features_ids(const ptc_features* features);
PTC_API const int32_t* ptc_features_offsets(const ptc_features* features);

/* ---- gradients of embedding rows ------------------------------------------------------------- */

typedef struct ptc_row_gradient ptc_row_gradient;

/* Sorted unique rows with values[count, dim]; dim 1 to 65536. */
PTC_API ptc_status ptc_row_gradient_create(int32_t dim, ptc_row_gradient** out);
PTC_API void ptc_row_gradient_destroy(ptc_row_gradient* gradient);
/* Gradient of mean pooling: d_pooled is [ptc_features_size, dim]. */
PTC_API ptc_status ptc_row_gradient_build(ptc_row_gradient* into, const ptc_features* features,
                                          const float* d_pooled);
/* Sum of up to 8 gradients over the rows in [from_row, to_row), as a fixed tree:
 * ((0+1)+(2+3))+((4+5)+(6+7)), where a shard without the row is left out. */
PTC_API ptc_status ptc_row_gradient_merge(ptc_row_gradient* into, const ptc_row_gradient* const* shards,
                                          int32_t shard_count, int32_t from_row, int32_t to_row);
/* Takes over what ptc_row_gradient_rows and _values gave, perhaps in another process: rows[count] sorted,
 * unique, from 0 to below row_limit; values[count, dim]. */
PTC_API ptc_status ptc_row_gradient_assign(ptc_row_gradient* into, const int32_t* rows, const float* values,
                                           int32_t count, int32_t row_limit);
PTC_API int32_t ptc_row_gradient_count(const ptc_row_gradient* gradient);
PTC_API const int32_t* ptc_row_gradient_rows(const ptc_row_gradient* gradient);
PTC_API const float* ptc_row_gradient_values(const ptc_row_gradient* gradient);

/* The same tree over dense gradients; writes into[from..to). */
PTC_API ptc_status ptc_dense_merge(float* into, const float* const* shards, int32_t shard_count, int64_t from,
                                   int64_t to);

/* ---- optimizers (AdamW, decoupled weight decay; step counts from 1) --------------------------- */

/* Rows of weight[rows, dim] and m[rows, dim]; v[rows] holds one second moment per row: the mean square
 * of its gradient ("partial row-wise Adam" of FBGEMM). Only rows of the gradient are touched. */
PTC_API ptc_status ptc_rowwise_adamw(float* weight, float* m, float* v, int64_t rows,
                                     const ptc_row_gradient* gradient, float learning_rate, float beta1,
                                     float beta2, float epsilon, float weight_decay, int64_t step);
/* All of weight[count], m[count], v[count] in one pass. */
PTC_API ptc_status ptc_dense_adamw(float* weight, float* m, float* v, const float* gradient, int64_t count,
                                   float learning_rate, float beta1, float beta2, float epsilon,
                                   float weight_decay, int64_t step);

/* ---- small things next to the model ------------------------------------------------------------ */

/* Number of rows of scores[count, classes] whose largest value (the first, if several) is at labels[i];
 * -1 if an argument is wrong. */
PTC_API int32_t ptc_count_correct(const float* scores, const int64_t* labels, int32_t count,
                                  int32_t classes);

#ifdef __cplusplus
}
#endif
#endif
