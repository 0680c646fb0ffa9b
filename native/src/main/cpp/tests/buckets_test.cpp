// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "counted_memory.h"
#include "partita_collective.h"
#include "tensors.h"

namespace {

using namespace partita;
using namespace partita::tests;

TEST("tensors go into a bucket with a cast, and come out of it") {
  std::vector<std::size_t> sizes = {3, 0, 1001, 1};
  for (std::int32_t dtype : kDtypes) {
    for (std::int32_t bucket_dtype : kDtypes) {
      std::vector<Stored> tensors, back;
      std::vector<ptc_bucket_part> parts, back_parts;
      std::vector<float> all;
      for (std::size_t n : sizes) {
        tensors.emplace_back(dtype, random_floats(n, static_cast<unsigned>(n)));
        back.emplace_back(dtype, n);
        for (float x : tensors.back().floats()) all.push_back(x);
      }
      for (std::size_t k = 0; k < sizes.size(); k++) {
        parts.push_back({tensors[k].data(), static_cast<std::int64_t>(sizes[k])});
        back_parts.push_back({back[k].data(), static_cast<std::int64_t>(sizes[k])});
      }
      Stored bucket(bucket_dtype, all.size()), expected(bucket_dtype, all);
      Pool pool;
      CHECK_OK(ptc_bucket_flatten(pool, parts.data(), 4, dtype, bucket_dtype, bucket.data()));
      CHECK(bucket.same_as(expected));
      CHECK_OK(ptc_bucket_unflatten(pool, bucket.data(), bucket_dtype, back_parts.data(), 4, dtype));
      std::size_t at = 0;
      for (std::size_t k = 0; k < sizes.size(); k++) {
        for (std::size_t i = 0; i < sizes[k]; i++, at++) {
          Stored one(dtype, std::vector<float>{expected[at]});
          CHECK(back[k][i] == one[0]);
        }
      }
    }
  }
  CHECK(ptc_bucket_flatten(nullptr, nullptr, 1, PTC_FLOAT32, PTC_FLOAT32, nullptr) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_bucket_flatten(nullptr, nullptr, 0, PTC_FLOAT32, PTC_INT8, nullptr) == PTC_INVALID_ARGUMENT);
}

// Two ranks with a reducer each.
template <typename F>
void with_reducers(const F& body) {
  Buffer<char> space;
  std::int64_t bytes = ptc_group_bytes(2, 4096);
  void* memory = space.at_least(bytes);
  CHECK_OK(ptc_group_create(memory, bytes, 2, 4096));
  std::vector<std::thread> threads;
  for (int r : {0, 1}) {
    threads.emplace_back([&, r] {
      ptc_rank* rank = nullptr;
      ptc_reducer* reducer = nullptr;
      CHECK_OK(ptc_rank_join(memory, bytes, r, 20000, &rank));
      CHECK_OK(ptc_reducer_create(rank, 20000, &reducer));
      body(r, reducer);
      ptc_reducer_destroy(reducer);
      ptc_rank_destroy(rank);
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST("buckets are reduced in the background, in the order in which they were started") {
  with_reducers([](int r, ptc_reducer* reducer) {
    constexpr int kBuckets = 20, kCount = 3000;
    std::vector<std::vector<float>> buckets;
    std::int64_t ticket = 0;
    for (int b = 0; b < kBuckets; b++) buckets.emplace_back(kCount, static_cast<float>((r + 1) * (b + 1)));
    for (int b = 0; b < kBuckets; b++) {
      const void* mine[] = {buckets[b].data()};
      CHECK_OK(ptc_reducer_start(reducer, PTC_FLOAT32, mine, 4 * r, 1, kCount, 0.5f, buckets[b].data(), &ticket));
      CHECK(ticket == b + 1);
    }
    CHECK_OK(ptc_reducer_wait(reducer, 3, 20000));
    for (int b = 0; b < 3; b++) CHECK(buckets[b][0] == 1.5f * static_cast<float>(b + 1));
    CHECK_OK(ptc_reducer_wait(reducer, ticket, 20000));
    for (int b = 0; b < kBuckets; b++) CHECK(buckets[b][kCount - 1] == 1.5f * static_cast<float>(b + 1));
    CHECK(ptc_reducer_wait(reducer, ticket + 1, 20000) == PTC_INVALID_ARGUMENT);
  });
}

TEST("a bucket that fails is told to whoever waits for it or a later one, not an earlier") {
  with_reducers([](int r, ptc_reducer* reducer) {
    float x = 1;
    const void* mine[] = {&x};
    std::int64_t good = 0, bad = 0, after = 0;
    CHECK_OK(ptc_reducer_start(reducer, PTC_FLOAT32, mine, r, 1, 1, 1, &x, &good));
    CHECK_OK(ptc_reducer_start(reducer, PTC_FLOAT32, mine, 0, 1, 1, 1, &x, &bad));  // both bring shard 0
    CHECK_OK(ptc_reducer_start(reducer, PTC_FLOAT32, mine, r, 1, 1, 1, &x, &after));
    CHECK(ptc_reducer_wait(reducer, after, 20000) == PTC_INVALID_ARGUMENT);
    CHECK(std::strstr(ptc_last_error(), "shard 0 is brought by two ranks") != nullptr);
    CHECK(ptc_reducer_wait(reducer, bad, 20000) == PTC_INVALID_ARGUMENT);
    CHECK_OK(ptc_reducer_wait(reducer, good, 20000));
    CHECK(x == 2);
  });
}

}  // namespace
