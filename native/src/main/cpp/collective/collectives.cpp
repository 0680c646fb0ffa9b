// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The operations. In one process each rank reads the others' memory: a reduction reads and writes every value
// once (rank r makes part r of the result for all), with two meetings. Between processes values pass through
// slots in the shared memory, a slot's worth at a time, in two banks: while one is read the other is filled, so
// a chunk costs two meetings for a reduction and one for a copy.
#include <cmath>
#include <cstring>
#include <memory>

#include "group.h"
#include "work.h"

namespace partita {
namespace {

using Deadline = ptc_rank::Deadline;

Deadline deadline_in(std::int32_t timeout_millis) {
  require(timeout_millis > 0, "timeout_millis must be above 0");
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_millis);
}

std::int64_t part_begin(std::int64_t count, int rank, int ranks) {
  // Without overflow for any count.
  return count / ranks * rank + count % ranks * rank / ranks;
}

// The same, on a boundary of 16 values, so that no two ranks write to one cache line.
std::int64_t aligned_begin(std::int64_t count, int rank, int ranks) {
  return rank == ranks ? count : part_begin(count, rank, ranks) / 16 * 16;
}

void copy(void* to, const void* from, std::int64_t bytes) {
  if (to != from && bytes > 0) std::memmove(to, from, static_cast<std::size_t>(bytes));
}

// ---- reductions -------------------------------------------------------------------------------------

// Every shard's owner, once all calls can be read; throws on every rank if they do not make a tree.
struct Shards {
  int owner[kMostShards];
  const void* address[kMostShards];

  explicit Shards(const ptc_rank& rank) {
    for (int& o : owner) o = -1;
    int total = 0;
    for (int r = 0; r < rank.ranks(); r++) {
      const Call& call = rank.call_of(r);
      for (std::int32_t k = 0; k < call.shard_count; k++, total++) {
        int number = call.first_shard + k;
        if (owner[number] != -1) twice = number;
        owner[number] = r;
        address[number] = call.shard[k];
      }
    }
    none = total == 0;
  }
  void check() const {
    if (twice >= 0) throw InvalidArgument("shard " + std::to_string(twice) + " is brought by two ranks");
    require(!none, "no rank brings a shard");
  }
  int twice = -1;
  bool none = false;
};

template <typename T>
void add_up(const void* const* sources, std::int64_t offset, T* const* outs, int out_count, std::int64_t out_offset,
            std::int64_t count, float factor) {
  TreeSum<T> work{};
  bool read_too = false;
  for (int k = 0; k < out_count; k++) work.out[k] = outs[k] + out_offset;
  for (int s = 0; s < kMostShards; s++) {
    if (sources[s] == nullptr) continue;
    work.source[s] = static_cast<const T*>(sources[s]) + offset;
    for (int k = 0; k < out_count; k++) read_too = read_too || work.source[s] == work.out[k];
  }
  work.outs = out_count;
  work.factor = factor;
  work.past_cache = !read_too;
  const auto bytes = count * static_cast<std::int64_t>(sizeof(T)) * out_count;
  for (int k = 0; k < out_count; k++) {
    work.past_cache = work.past_cache && OnCpu::past_cache(work.out[k], nullptr, bytes);
  }
  OnCpu{nullptr}.run(work, count);
}

template <typename T>
void reduce_together(ptc_rank& rank, const Shards& shards, std::int64_t count, float factor, T* out, bool scatter,
                     Deadline deadline) {
  const void* sources[kMostShards] = {};
  for (int s = 0; s < kMostShards; s++) sources[s] = shards.owner[s] >= 0 ? shards.address[s] : nullptr;
  if (scatter) {
    const std::int64_t begin = part_begin(count, rank.number(), rank.ranks());
    add_up(sources, begin, &out, 1, 0, part_begin(count, rank.number() + 1, rank.ranks()) - begin, factor);
  } else {
    T* outs[kMostRanks] = {};
    for (int r = 0; r < rank.ranks(); r++) outs[r] = static_cast<T*>(rank.call_of(r).out);
    const std::int64_t begin = aligned_begin(count, rank.number(), rank.ranks());
    const std::int64_t end = aligned_begin(count, rank.number() + 1, rank.ranks());
    add_up(sources, begin, outs, rank.ranks(), begin, end - begin, factor);
  }
  rank.meet(deadline);
}

template <typename T>
void reduce_by_slots(ptc_rank& rank, const Call& mine, const Shards& shards, T* out, bool scatter,
                     Deadline deadline) {
  const auto width = static_cast<std::int64_t>(sizeof(T));
  const std::int64_t chunk = rank.slot_bytes() / width, count = mine.count;
  const std::int64_t own_begin = scatter ? part_begin(count, rank.number(), rank.ranks()) : 0;
  const std::int64_t own_end = scatter ? part_begin(count, rank.number() + 1, rank.ranks()) : count;
  int bank = 0;
  for (std::int64_t at = 0; at < count; at += chunk, bank ^= 1) {
    const std::int64_t n = std::min(chunk, count - at);
    for (std::int32_t k = 0; k < mine.shard_count; k++) {
      copy(rank.slot(bank, mine.first_shard + k), static_cast<const T*>(mine.shard[k]) + at, n * width);
    }
    rank.meet(deadline);
    const void* sources[kMostShards] = {};
    for (int s = 0; s < kMostShards; s++) sources[s] = shards.owner[s] >= 0 ? rank.slot(bank, s) : nullptr;
    T* result = reinterpret_cast<T*>(rank.result(bank));
    const std::int64_t begin = aligned_begin(n, rank.number(), rank.ranks());
    const std::int64_t end = aligned_begin(n, rank.number() + 1, rank.ranks());
    add_up(sources, begin, &result, 1, begin, end - begin, mine.factor);
    rank.meet(deadline);
    const std::int64_t from = std::max(at, own_begin), to = std::min(at + n, own_end);
    if (from < to) copy(out + (from - own_begin), result + (from - at), (to - from) * width);
  }
  rank.meet(deadline);  // nobody fills a bank for the next call that somebody still reads
}

void reduce(ptc_rank* rank, Operation operation, std::int32_t dtype, const void* const* shards,
            std::int32_t first_shard, std::int32_t shard_count, std::int64_t count, float factor, void* out,
            std::int32_t timeout_millis) {
  require(rank != nullptr, "reduce: rank is null");
  require(dtype == PTC_FLOAT32 || dtype == PTC_BFLOAT16, "reduce: dtype must be PTC_FLOAT32 or PTC_BFLOAT16");
  require_count(count, "reduce: count must be 0 to 2^46");
  require(shard_count >= 0 && first_shard >= 0 && first_shard <= kMostShards - shard_count,
          "reduce: shards must be numbered 0 to 7");
  require(std::isfinite(factor), "reduce: factor must be finite");
  require(count == 0 || (out != nullptr && (shard_count == 0 || shards != nullptr)), "reduce: a pointer is null");
  Call call{operation, dtype, 0, first_shard, shard_count, count, factor, {}, out};
  for (std::int32_t k = 0; k < shard_count && count > 0; k++) {
    require(shards[k] != nullptr, "reduce: a shard is null");
    call.shard[k] = shards[k];
  }
  const Deadline deadline = deadline_in(timeout_millis);
  const bool scatter = operation == Operation::kReduceScatter;
  rank->begin(call, deadline);
  const Shards all(*rank);
  if (all.twice >= 0 || all.none) {
    rank->meet(deadline);
    all.check();
  }
  auto run = [&](auto* typed_out) {
    if (rank->together()) {
      reduce_together(*rank, all, count, factor, typed_out, scatter, deadline);
    } else {
      reduce_by_slots(*rank, call, all, typed_out, scatter, deadline);
    }
  };
  if (dtype == PTC_FLOAT32) {
    run(static_cast<float*>(out));
  } else {
    run(static_cast<BFloat16*>(out));
  }
}

// ---- copies ------------------------------------------------------------------------------------------

void all_gather(ptc_rank& rank, const void* part, std::int64_t bytes, void* out, Deadline deadline) {
  Call call{Operation::kAllGather, 0, 0, 0, 0, bytes, 0, {part}, out};
  rank.begin(call, deadline);
  auto begin_of = [&](int r) { return part_begin(bytes, r, rank.ranks()); };
  char* to = static_cast<char*>(out);
  if (rank.together()) {
    for (int r = 0; r < rank.ranks(); r++) {
      copy(to + begin_of(r), rank.call_of(r).shard[0], begin_of(r + 1) - begin_of(r));
    }
    rank.meet(deadline);
    return;
  }
  // Parts differ by a byte at most: as many chunks as the longest has.
  const std::int64_t chunk = rank.slot_bytes(), longest = (bytes + rank.ranks() - 1) / rank.ranks();
  int bank = 0;
  auto length = [&](int r, std::int64_t at) {
    return std::max<std::int64_t>(0, std::min(chunk, begin_of(r + 1) - begin_of(r) - at));
  };
  for (std::int64_t at = 0; at < longest; at += chunk, bank ^= 1) {
    const int self = rank.number();
    copy(rank.slot(bank, self), static_cast<const char*>(part) + at, length(self, at));
    rank.meet(deadline);
    for (int r = 0; r < rank.ranks(); r++) copy(to + begin_of(r) + at, rank.slot(bank, r), length(r, at));
  }
  rank.meet(deadline);
}

void broadcast(ptc_rank& rank, std::int32_t root, void* data, std::int64_t bytes, Deadline deadline) {
  Call call{Operation::kBroadcast, 0, root, 0, 0, bytes, 0, {data}, data};
  rank.begin(call, deadline);
  if (rank.together()) {
    copy(data, rank.call_of(root).shard[0], bytes);
    rank.meet(deadline);
    return;
  }
  int bank = 0;
  for (std::int64_t at = 0; at < bytes; at += rank.slot_bytes(), bank ^= 1) {
    const std::int64_t n = std::min(rank.slot_bytes(), bytes - at);
    char* own = static_cast<char*>(data) + at;
    if (rank.number() == root) copy(rank.slot(bank, 0), own, n);
    rank.meet(deadline);
    if (rank.number() != root) copy(own, rank.slot(bank, 0), n);
  }
  rank.meet(deadline);
}

bool good_group(std::int32_t ranks, std::int64_t slot_bytes) {
  return ranks >= 1 && ranks <= kMostRanks && slot_bytes >= 4096 && slot_bytes <= std::int64_t{64} << 20 &&
         slot_bytes % 64 == 0;
}

}  // namespace
}  // namespace partita

using partita::Call;
using partita::GroupHeader;
using partita::guarded;
using partita::Operation;
using partita::require;

int64_t ptc_group_bytes(int32_t ranks, int64_t slot_bytes) {
  if (!partita::good_group(ranks, slot_bytes)) return 0;
  return static_cast<int64_t>(sizeof(GroupHeader)) + partita::kBanks * (partita::kMostShards + 1) * slot_bytes;
}

ptc_status ptc_group_create(void* memory, int64_t bytes, int32_t ranks, int64_t slot_bytes) {
  return guarded([&] {
    require(partita::good_group(ranks, slot_bytes),
            "ptc_group_create: ranks must be 1 to 8 and slot_bytes a multiple of 64 from 4096 to 2^26");
    require(memory != nullptr && reinterpret_cast<std::uintptr_t>(memory) % 64 == 0,
            "ptc_group_create: memory must be on a 64-byte boundary");
    require(bytes >= ptc_group_bytes(ranks, slot_bytes), "ptc_group_create: the memory is too small");
    auto* header = new (memory) GroupHeader();
    header->ranks = ranks;
    header->slot_bytes = slot_bytes;
    header->magic = partita::kGroupMagic;
  });
}

ptc_status ptc_rank_join(void* memory, int64_t bytes, int32_t rank, int32_t timeout_millis, ptc_rank** out) {
  return guarded([&] {
    require(memory != nullptr && out != nullptr && reinterpret_cast<std::uintptr_t>(memory) % 64 == 0,
            "ptc_rank_join: memory or out is null, or memory not on a 64-byte boundary");
    auto deadline = partita::deadline_in(timeout_millis);
    require(bytes >= static_cast<int64_t>(sizeof(GroupHeader)), "ptc_rank_join: this is no group");
    auto* header = static_cast<GroupHeader*>(memory);
    require(header->magic == partita::kGroupMagic && partita::good_group(header->ranks, header->slot_bytes) &&
                bytes >= ptc_group_bytes(header->ranks, header->slot_bytes),
            "ptc_rank_join: this is no group");
    require(rank >= 0 && rank < header->ranks, "ptc_rank_join: rank must be 0 to below the group's ranks");
    auto joined = std::make_unique<ptc_rank>(header, rank);
    joined->begin(Call{Operation::kJoin, 0, 0, 0, 0, 0, 0, {}, nullptr}, deadline);
    joined->find_out_who_is_together();
    joined->meet(deadline);
    *out = joined.release();
  });
}

void ptc_rank_destroy(ptc_rank* rank) { delete rank; }

ptc_status ptc_barrier(ptc_rank* rank, int32_t timeout_millis) {
  return guarded([&] {
    require(rank != nullptr, "ptc_barrier: rank is null");
    auto deadline = partita::deadline_in(timeout_millis);
    rank->begin(Call{Operation::kBarrier, 0, 0, 0, 0, 0, 0, {}, nullptr}, deadline);
    rank->meet(deadline);
  });
}

ptc_status ptc_all_reduce(ptc_rank* rank, int32_t dtype, const void* const* shards, int32_t first_shard,
                          int32_t shard_count, int64_t count, float factor, void* out, int32_t timeout_millis) {
  return guarded([&] {
    partita::reduce(rank, Operation::kAllReduce, dtype, shards, first_shard, shard_count, count, factor, out,
                    timeout_millis);
  });
}

ptc_status ptc_reduce_scatter(ptc_rank* rank, int32_t dtype, const void* const* shards, int32_t first_shard,
                              int32_t shard_count, int64_t count, float factor, void* out, int32_t timeout_millis) {
  return guarded([&] {
    partita::reduce(rank, Operation::kReduceScatter, dtype, shards, first_shard, shard_count, count, factor, out,
                    timeout_millis);
  });
}

ptc_status ptc_all_gather(ptc_rank* rank, const void* part, int64_t bytes, void* out, int32_t timeout_millis) {
  return guarded([&] {
    require(rank != nullptr, "ptc_all_gather: rank is null");
    partita::require_count(bytes, "ptc_all_gather: bytes must be 0 to 2^46");
    require(bytes == 0 || (part != nullptr && out != nullptr), "ptc_all_gather: part or out is null");
    partita::all_gather(*rank, part, bytes, out, partita::deadline_in(timeout_millis));
  });
}

ptc_status ptc_broadcast(ptc_rank* rank, int32_t root, void* data, int64_t bytes, int32_t timeout_millis) {
  return guarded([&] {
    require(rank != nullptr, "ptc_broadcast: rank is null");
    require(root >= 0 && root < rank->ranks(), "ptc_broadcast: root must be 0 to below the number of ranks");
    partita::require_count(bytes, "ptc_broadcast: bytes must be 0 to 2^46");
    require(bytes == 0 || data != nullptr, "ptc_broadcast: data is null");
    partita::broadcast(*rank, root, data, bytes, partita::deadline_in(timeout_millis));
  });
}
