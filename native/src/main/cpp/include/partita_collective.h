/* SPDX-FileCopyrightText: 2026 The Partita authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Collectives between the 2 to 8 ranks of one pod, threads of one process or processes, over memory that they
 * share, and buckets of gradients for them.
 *
 * Group    A block of memory that all ranks have mapped (at any address), made by ptc_group_create. It belongs
 *          to the caller and must stay until every rank has left.
 * Rank     One member. A handle is used by one thread at a time; all ranks make the same calls in the same
 *          order, each with its own handle. Calls that do not fit together (another operation, count or type)
 *          return PTC_INVALID_ARGUMENT on every rank and change nothing.
 * Waiting  Every call takes a time-out above 0, in milliseconds, for the other ranks to come. A rank that is
 *          late, leaves, or whose process dies ends the group: within a second every rank's current call
 *          returns PTC_PEER_LOST, or PTC_TIMEOUT if it was the time-out, and so does every later call; what
 *          outputs hold then is not defined. A thread's death is not seen: destroy its handle on the way out.
 * Order    Sums are the tree ((0+1)+(2+3))+((4+5)+(6+7)) over shards, in float32, a shard that nobody has being
 *          left out. The bits depend on the shards only, not on how many ranks hold them.
 */
#ifndef PARTITA_COLLECTIVE_H
#define PARTITA_COLLECTIVE_H

#include "partita_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Status: another rank is gone; the group is at its end. */
#define PTC_PEER_LOST 10

typedef struct ptc_rank ptc_rank;

/* Bytes of a group whose ranks pass `slot_bytes` at a time from process to process (a multiple of 64, 4 KiB to
 * 64 MiB; 256 KiB fits caches). Ranks of one process read each other's memory and use no slots. 0 if an
 * argument is out of range. */
PTC_API int64_t ptc_group_bytes(int32_t ranks, int64_t slot_bytes);
/* Lays out a group in memory[bytes], on a 64-byte boundary; before any rank joins. ranks: 1 to 8. */
PTC_API ptc_status ptc_group_create(void* memory, int64_t bytes, int32_t ranks, int64_t slot_bytes);
/* Becomes rank `rank` and waits for all the others. bytes: how much is mapped; everything read from the group
 * is checked against it. A rank number can be taken once. */
PTC_API ptc_status ptc_rank_join(void* memory, int64_t bytes, int32_t rank, int32_t timeout_millis, ptc_rank** out);
/* Leaves. Ranks that wait for this one are told; null is ignored. */
PTC_API void ptc_rank_destroy(ptc_rank* rank);

PTC_API ptc_status ptc_barrier(ptc_rank* rank, int32_t timeout_millis);

/* out[i] = factor * the tree's sum of all ranks' shards[.][i], on every rank. This rank brings shard_count (0 to
 * 8) of them, numbered from first_shard; together all ranks bring each number at most once, below 8, and at
 * least one. count values of dtype (PTC_FLOAT32 or PTC_BFLOAT16); out may be one of this rank's shards. */
PTC_API ptc_status ptc_all_reduce(ptc_rank* rank, int32_t dtype, const void* const* shards, int32_t first_shard,
                                  int32_t shard_count, int64_t count, float factor, void* out,
                                  int32_t timeout_millis);
/* The same, but rank r of R gets only the values from count * r / R to count * (r + 1) / R, at the beginning of
 * out, which may not overlap a shard. */
PTC_API ptc_status ptc_reduce_scatter(ptc_rank* rank, int32_t dtype, const void* const* shards, int32_t first_shard,
                                      int32_t shard_count, int64_t count, float factor, void* out,
                                      int32_t timeout_millis);
/* out[bytes], of which rank r of R brings those from bytes * r / R to bytes * (r + 1) / R in `part`; part may be
 * the same place in out. */
PTC_API ptc_status ptc_all_gather(ptc_rank* rank, const void* part, int64_t bytes, void* out, int32_t timeout_millis);
/* data[bytes] of rank `root` becomes that of every rank. */
PTC_API ptc_status ptc_broadcast(ptc_rank* rank, int32_t root, void* data, int64_t bytes, int32_t timeout_millis);

/* ---- buckets ---------------------------------------------------------------------------------------- */

/* A tensor that lies in a bucket, behind the one before it. */
typedef struct ptc_bucket_part {
  void* values; /* of the tensor's dtype */
  int64_t count;
} ptc_bucket_part;

/* Copies and casts tensors into a bucket, or a bucket back into tensors. Types as in ptc_convert, without int8.
 * Errors, threads and numbers as in partita_tensor.h. */
PTC_API ptc_status ptc_bucket_flatten(ptc_pool* pool, const ptc_bucket_part* parts, int32_t part_count, int32_t dtype,
                                      int32_t bucket_dtype, void* bucket);
PTC_API ptc_status ptc_bucket_unflatten(ptc_pool* pool, const void* bucket, int32_t bucket_dtype,
                                        const ptc_bucket_part* parts, int32_t part_count, int32_t dtype);

/* A thread that reduces buckets one after the other while the caller goes on, for example with the backward
 * pass of earlier layers. From creation to destruction the rank is the reducer's: make no other call with it.
 * Any thread may start and wait. */
typedef struct ptc_reducer ptc_reducer;

/* timeout_millis: of each reduction. */
PTC_API ptc_status ptc_reducer_create(ptc_rank* rank, int32_t timeout_millis, ptc_reducer** out);
/* Waits for the reduction that runs, if any; those not begun are dropped. The rank is the caller's again. */
PTC_API void ptc_reducer_destroy(ptc_reducer* reducer);
/* Queues ptc_all_reduce with these arguments; buffers stay until it has been waited for. All ranks start the
 * same buckets in the same order. *ticket numbers them from 1. */
PTC_API ptc_status ptc_reducer_start(ptc_reducer* reducer, int32_t dtype, const void* const* shards,
                                     int32_t first_shard, int32_t shard_count, int64_t count, float factor, void* out,
                                     int64_t* ticket);
/* Waits until the bucket of that ticket and all before it are reduced; gives the status of the first that was
 * not. PTC_TIMEOUT if they are not done in time (they go on). */
PTC_API ptc_status ptc_reducer_wait(ptc_reducer* reducer, int64_t ticket, int32_t timeout_millis);

#ifdef __cplusplus
}
#endif
#endif
