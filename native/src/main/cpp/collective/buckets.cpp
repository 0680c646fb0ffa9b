// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Buckets of gradients: flattened with a cast, reduced in the background, and taken apart again.
#include <pthread.h>
#include <signal.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "group.h"
#include "layer_calls.h"

namespace partita {
namespace {

struct Bucket {
  std::int32_t dtype;
  std::vector<const void*> shards;
  std::int32_t first_shard;
  std::int64_t count;
  float factor;
  void* out;
};

std::int64_t width_of(std::int32_t dtype) { return dtype == PTC_FLOAT32 ? 4 : 2; }

void require_parts(const ptc_bucket_part* parts, std::int32_t part_count, std::int32_t dtype,
                   std::int32_t bucket_dtype, const void* bucket) {
  for (std::int32_t type : {dtype, bucket_dtype}) {
    require(type >= PTC_FLOAT32 && type <= PTC_FLOAT16, "bucket: dtype must be float32, bfloat16 or float16");
  }
  require(part_count >= 0 && (part_count == 0 || parts != nullptr), "bucket: parts is null or part_count negative");
  std::int64_t total = 0;
  for (std::int32_t k = 0; k < part_count; k++) {
    require_count(parts[k].count, "bucket: a part's count must be 0 to 2^46");
    require(parts[k].count == 0 || parts[k].values != nullptr, "bucket: a part is null");
    total += parts[k].count;
    require_count(total, "bucket: more than 2^46 values");
  }
  require(total == 0 || bucket != nullptr, "bucket: bucket is null");
}

}  // namespace
}  // namespace partita

using partita::guarded;
using partita::require;

ptc_status ptc_bucket_flatten(ptc_pool* pool, const ptc_bucket_part* parts, int32_t part_count, int32_t dtype,
                              int32_t bucket_dtype, void* bucket) {
  return guarded([&] {
    partita::require_parts(parts, part_count, dtype, bucket_dtype, bucket);
    char* to = static_cast<char*>(bucket);
    for (int32_t k = 0; k < part_count; k++) {
      partita::convert_call(partita::OnCpu{pool}, dtype, parts[k].values, bucket_dtype, to, parts[k].count, 1);
      to += parts[k].count * partita::width_of(bucket_dtype);
    }
  });
}

ptc_status ptc_bucket_unflatten(ptc_pool* pool, const void* bucket, int32_t bucket_dtype,
                                const ptc_bucket_part* parts, int32_t part_count, int32_t dtype) {
  return guarded([&] {
    partita::require_parts(parts, part_count, dtype, bucket_dtype, bucket);
    const char* from = static_cast<const char*>(bucket);
    for (int32_t k = 0; k < part_count; k++) {
      partita::convert_call(partita::OnCpu{pool}, bucket_dtype, from, dtype, parts[k].values, parts[k].count, 1);
      from += parts[k].count * partita::width_of(bucket_dtype);
    }
  });
}

struct ptc_reducer {
  ptc_reducer(ptc_rank* of, std::int32_t millis) : rank(of), timeout_millis(millis) {
    sigset_t all, before;  // signals belong to the JVM's threads
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      worker = std::thread([this] { work(); });
    } catch (...) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_setname_np(worker.native_handle(), "partita-reduce");
  }
  ~ptc_reducer() {
    {
      std::lock_guard lock(mutex);
      ending = true;
    }
    changed.notify_all();
    worker.join();
  }

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [this] { return ending || !queue.empty(); });
      if (ending) return;
      partita::Bucket bucket = std::move(queue.front());
      queue.pop_front();
      ptc_status status = failed;
      if (status == PTC_OK) {
        lock.unlock();
        status = ptc_all_reduce(rank, bucket.dtype, bucket.shards.data(), bucket.first_shard,
                                static_cast<std::int32_t>(bucket.shards.size()), bucket.count, bucket.factor,
                                bucket.out, timeout_millis);
        lock.lock();
        if (status != PTC_OK) {
          failed = status;
          first_failed = done + 1;
          why = ptc_last_error();
        }
      }
      done++;
      changed.notify_all();
    }
  }

  ptc_rank* rank;
  std::int32_t timeout_millis;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<partita::Bucket> queue;
  std::int64_t started = 0, done = 0;
  ptc_status failed = PTC_OK;
  std::int64_t first_failed = 0;
  std::string why;
  bool ending = false;
  std::thread worker;
};

ptc_status ptc_reducer_create(ptc_rank* rank, int32_t timeout_millis, ptc_reducer** out) {
  return guarded([&] {
    require(rank != nullptr && out != nullptr, "ptc_reducer_create: rank or out is null");
    require(timeout_millis > 0, "ptc_reducer_create: timeout_millis must be above 0");
    *out = new ptc_reducer(rank, timeout_millis);
  });
}

void ptc_reducer_destroy(ptc_reducer* reducer) { delete reducer; }

ptc_status ptc_reducer_start(ptc_reducer* reducer, int32_t dtype, const void* const* shards, int32_t first_shard,
                             int32_t shard_count, int64_t count, float factor, void* out, int64_t* ticket) {
  return guarded([&] {
    require(reducer != nullptr && ticket != nullptr, "ptc_reducer_start: reducer or ticket is null");
    require(shard_count >= 0 && shard_count <= partita::kMostShards && (shard_count == 0 || shards != nullptr),
            "ptc_reducer_start: shard_count must be 0 to 8");
    partita::Bucket bucket{
        dtype, std::vector<const void*>(shards, shards + shard_count), first_shard, count, factor, out};
    std::lock_guard lock(reducer->mutex);
    reducer->queue.push_back(std::move(bucket));
    *ticket = ++reducer->started;
    reducer->changed.notify_all();
  });
}

ptc_status ptc_reducer_wait(ptc_reducer* reducer, int64_t ticket, int32_t timeout_millis) {
  ptc_status failure = PTC_OK;
  ptc_status status = guarded([&] {
    require(reducer != nullptr, "ptc_reducer_wait: reducer is null");
    require(timeout_millis > 0, "ptc_reducer_wait: timeout_millis must be above 0");
    std::unique_lock lock(reducer->mutex);
    require(ticket >= 1 && ticket <= reducer->started, "ptc_reducer_wait: there is no such ticket");
    if (!reducer->changed.wait_for(lock, std::chrono::milliseconds(timeout_millis),
                                   [&] { return reducer->done >= ticket; })) {
      throw partita::TimedOut("ptc_reducer_wait: the bucket was not reduced within the time-out");
    }
    if (reducer->failed != PTC_OK && reducer->first_failed <= ticket) {
      failure = reducer->failed;
      partita::set_last_error(reducer->why.c_str());
    }
  });
  return status != PTC_OK ? status : failure;
}
