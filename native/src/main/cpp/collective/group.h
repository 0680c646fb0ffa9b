// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The memory that the ranks of a group share, and how they wait for each other in it.
//
//   ┌────────┬────────┬─────┬────────┬────────────────────────┬────────────────────────┐
//   │ header │ seat 0 │ …   │ seat 7 │ bank 0: 8 slots, result│ bank 1: 8 slots, result│
//   └────────┴────────┴─────┴────────┴────────────────────────┴────────────────────────┘
//
// Only offsets and numbers lie in it, no pointers, but for the addresses that ranks of one process tell each
// other. Ranks wait on futexes, so they may be processes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "partita_collective.h"
#include "tree_sum.h"

namespace partita {

constexpr int kMostRanks = 8;
constexpr int kBanks = 2;

enum class Operation : std::int32_t { kJoin = 1, kBarrier, kAllReduce, kReduceScatter, kAllGather, kBroadcast };

// What a rank is about to do, for the others to compare with theirs; and, in one process, where its data is.
struct Call {
  Operation operation;
  std::int32_t dtype;
  std::int32_t root;
  std::int32_t first_shard, shard_count;
  std::int64_t count;
  float factor;
  const void* shard[kMostShards];
  void* out;
};

struct alignas(64) Seat {
  std::atomic<std::uint32_t> arrived;  // barriers passed or waited at; a futex
  std::atomic<std::uint32_t> waiting;  // threads that sleep on it
  std::atomic<std::uint32_t> state;    // kEmpty, kTaken, kLeft
  std::atomic<std::int32_t> process;  // 0: not known yet
  std::atomic<std::uint64_t> process_start;  // a process number may be used again
  Call call;
};

struct alignas(64) GroupHeader {
  std::uint64_t magic;
  std::int32_t ranks;
  std::int64_t slot_bytes;
  std::atomic<std::uint32_t> failure;  // 0, or what ended the group: reason * 256 + rank
  Seat seat[kMostRanks];
};

constexpr std::uint64_t kGroupMagic = 0x3130504F52477470u;
constexpr std::uint32_t kEmpty = 0, kTaken = 1, kLeft = 2;
enum FailureReason : std::uint32_t { kPeerLeft = 1, kPeerDied = 2, kPeerLate = 3 };

struct Process {
  std::int32_t number;
  std::uint64_t start;
};
Process this_process();
// Whether that process still runs (a zombie does not).
bool is_alive(const Process& process);

}  // namespace partita

struct ptc_rank {
  using Deadline = std::chrono::steady_clock::time_point;

  ptc_rank(partita::GroupHeader* header, int rank);
  ~ptc_rank();

  int number() const { return number_; }
  int ranks() const { return ranks_; }
  std::int64_t slot_bytes() const { return slot_bytes_; }
  // Whether all ranks are threads of this process.
  bool together() const { return together_; }
  char* slot(int bank, int shard) const;
  char* result(int bank) const { return slot(bank, partita::kMostShards); }

  // Waits for all ranks to make a call; throws what status.h turns into a status. After it every rank's call
  // may be read with call_of, until the next meet().
  void begin(const partita::Call& call, Deadline deadline);
  const partita::Call& call_of(int rank) const { return header_->seat[rank].call; }
  // Waits for all ranks.
  void meet(Deadline deadline);
  void find_out_who_is_together();
  // As if the ranks were processes; all of them, before the first operation. For tests.
  void keep_apart() { together_ = false; }

 private:
  void arrive();
  bool has_come(int rank) const;
  void wait_for(int rank, Deadline deadline);
  void look_after_the_missing(Deadline deadline);
  [[noreturn]] void fail() const;
  void end_group(partita::FailureReason reason, int rank);

  partita::GroupHeader* header_;
  int number_;
  int ranks_;
  std::int64_t slot_bytes_;
  std::uint32_t meetings_ = 0;
  bool together_ = false;
};
