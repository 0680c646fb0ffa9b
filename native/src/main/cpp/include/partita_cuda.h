/* SPDX-FileCopyrightText: 2026 The Partita authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The kernels of partita_core.h on a CUDA device: the same arguments, the same bits.
 *
 * All pointers are device memory. `stream` is a cudaStream_t. Every call only enqueues work and never
 * synchronises: counts that a kernel finds out stay on the device, and the host passes upper bounds.
 * The caller owns all memory, work space included; it must stay until the stream has passed.
 */
#ifndef PARTITA_CUDA_H
#define PARTITA_CUDA_H

#include "partita_core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Text of the last failure of a ptc_cuda_ function in this thread. */
PTC_API const char* ptc_cuda_last_error(void);

/* Makes host memory fit for copies that run beside the CPU: both mappings of an object store's arena, say, from when
 * it is opened until it is closed. *pinned is 1 then; 0 where there is no usable device, or where it does not take such
 * memory (not every card takes read_only, which a mapping without write permission needs: copy from the same offset
 * of the writable one). Copies work all the same, only slower; ptc_cuda_last_error says why. Takes all pages at once. */
PTC_API ptc_status ptc_cuda_pin_host(void* address, int64_t bytes, int32_t read_only, int32_t* pinned);
/* Before the memory is unmapped. Does nothing for memory that is not pinned. */
PTC_API ptc_status ptc_cuda_unpin_host(void* address);

/* Texts lie behind each other in bytes; byte_offsets[count + 1]. ids and scratch have room for
 * byte_count + count + 1 values, offsets for count + 1; offsets[count] is the number of ids. */
PTC_API ptc_status ptc_cuda_featurize(void* stream, int32_t bucket_bits, int32_t count, const uint8_t* bytes,
                                      const int64_t* byte_offsets, int32_t byte_count, int32_t* scratch,
                                      int32_t* ids, int32_t* offsets);

/* Bytes of work space for a build or merge of at most `entries` ids or rows. */
PTC_API int64_t ptc_cuda_workspace_bytes(int32_t entries);

/* Gradient of mean pooling over ids[id_count] and offsets[texts + 1]; d_pooled[texts, dim]. Writes
 * rows and values (room for id_count rows) and their number to row_count[1]. */
PTC_API ptc_status ptc_cuda_row_gradient_build(void* stream, const int32_t* ids, int32_t id_count,
                                               const int32_t* offsets, int32_t texts, const float* d_pooled,
                                               int32_t dim, void* workspace, int32_t* rows, float* values,
                                               int32_t* row_count);

/* One shard of a merge: at most `capacity` rows, *count of them there. The struct itself is read on the
 * host; what it points to is on the device. */
typedef struct ptc_cuda_shard {
  const int32_t* rows;
  const float* values;
  const int32_t* count;
  int32_t capacity;
} ptc_cuda_shard;

/* The fixed tree of ptc_row_gradient_merge over shards[shard_count <= 8]; the output has room for the
 * sum of the capacities. */
PTC_API ptc_status ptc_cuda_row_gradient_merge(void* stream, const ptc_cuda_shard* shards, int32_t shard_count,
                                               int32_t dim, int32_t from_row, int32_t to_row, void* workspace,
                                               int32_t* rows, float* values, int32_t* row_count);

/* shards: a host array of shard_count device pointers. */
PTC_API ptc_status ptc_cuda_dense_merge(void* stream, float* into, const float* const* shards,
                                        int32_t shard_count, int64_t from, int64_t to);

/* Updates the *row_count (at most capacity) rows of a gradient; row_sizes has room for capacity floats. */
PTC_API ptc_status ptc_cuda_rowwise_adamw(void* stream, float* weight, float* m, float* v, const int32_t* rows,
                                          const float* values, const int32_t* row_count, int32_t capacity,
                                          int32_t dim, float* row_sizes, float learning_rate, float beta1,
                                          float beta2, float epsilon, float weight_decay, int64_t step);

PTC_API ptc_status ptc_cuda_dense_adamw(void* stream, float* weight, float* m, float* v, const float* gradient,
                                        int64_t count, float learning_rate, float beta1, float beta2,
                                        float epsilon, float weight_decay, int64_t step);

#ifdef __cplusplus
}
#endif
#endif
