// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "group.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "status.h"

namespace partita {
namespace {

// How long a rank spins before it sleeps: about what a wake-up costs. And how often a sleeper looks whether
// those it waits for are still alive.
constexpr int kSpins = 2000;
constexpr long kLookMillis = 50;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Sleeps while *word is `seen`, at most kLookMillis and until the deadline. Not FUTEX_PRIVATE: the word may be
// in several processes.
void sleep_on(std::atomic<std::uint32_t>* word, std::uint32_t seen, ptc_rank::Deadline deadline) {
  auto left =
      std::chrono::duration_cast<std::chrono::nanoseconds>(deadline - std::chrono::steady_clock::now()).count();
  timespec most{0, std::min(kLookMillis * 1000000L, static_cast<long>(left))};
  if (left <= 0) return;
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(word), FUTEX_WAIT, seen, &most, nullptr, 0);
}
void wake_all(std::atomic<std::uint32_t>* word) {
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(word), FUTEX_WAKE, INT32_MAX, nullptr, nullptr, 0);
}

// State and start time of /proc/<number>/stat; false if there is none.
bool read_stat(std::int32_t number, char* state, std::uint64_t* start) {
  char path[64], line[1024];
  std::snprintf(path, sizeof path, "/proc/%d/stat", number);
  std::FILE* file = std::fopen(path, "re");
  if (file == nullptr) return false;
  std::size_t n = std::fread(line, 1, sizeof line - 1, file);
  std::fclose(file);
  line[n] = 0;
  const char* after_name = std::strrchr(line, ')');  // a name may hold anything, a bracket too
  if (after_name == nullptr || after_name[1] == 0) return false;
  *state = after_name[2];
  const char* field = after_name + 2;
  for (int k = 3; k < 22; k++) {  // the start time is the 22nd field, the state the third
    field = std::strchr(field, ' ');
    if (field == nullptr) return false;
    field++;
  }
  *start = std::strtoull(field, nullptr, 10);
  return true;
}

}  // namespace

Process this_process() {
  char state = 0;
  Process self{static_cast<std::int32_t>(getpid()), 0};
  read_stat(self.number, &state, &self.start);
  return self;
}

bool is_alive(const Process& process) {
  char state = 0;
  std::uint64_t start = 0;
  return read_stat(process.number, &state, &start) && start == process.start && state != 'Z' && state != 'X';
}

}  // namespace partita

using partita::Call;
using partita::GroupHeader;
using partita::Seat;

ptc_rank::ptc_rank(GroupHeader* header, int rank)
    : header_(header), number_(rank), ranks_(header->ranks), slot_bytes_(header->slot_bytes) {
  Seat& seat = header_->seat[number_];
  std::uint32_t empty = partita::kEmpty;
  if (!seat.state.compare_exchange_strong(empty, partita::kTaken)) {
    throw partita::InvalidArgument("ptc_rank_join: rank " + std::to_string(rank) + " has been taken already");
  }
  partita::Process self = partita::this_process();
  seat.process_start.store(self.start);
  seat.process.store(self.number);
}

ptc_rank::~ptc_rank() {
  Seat& seat = header_->seat[number_];
  seat.state.store(partita::kLeft);
  partita::wake_all(&seat.arrived);
}

char* ptc_rank::slot(int bank, int shard) const {
  return reinterpret_cast<char*>(header_) + sizeof(GroupHeader) +
         (bank * (partita::kMostShards + 1) + shard) * slot_bytes_;
}

void ptc_rank::begin(const Call& call, Deadline deadline) {
  header_->seat[number_].call = call;
  meet(deadline);
  for (int r = 0; r < ranks_; r++) {
    const Call& other = call_of(r);
    const Call& first = call_of(0);
    bool fits = other.operation == first.operation && other.dtype == first.dtype && other.root == first.root &&
                other.count == first.count && other.factor == first.factor;
    if (fits) continue;
    std::string text = "rank " + std::to_string(r) + " makes another call than rank 0: operation " +
                       std::to_string(static_cast<int>(other.operation)) + " of " + std::to_string(other.count) +
                       ", not " + std::to_string(static_cast<int>(first.operation)) + " of " +
                       std::to_string(first.count);
    meet(deadline);  // all have read, before anybody's next call
    throw partita::InvalidArgument(text);
  }
}

void ptc_rank::meet(Deadline deadline) {
  if (header_->failure.load(std::memory_order_relaxed) != 0) fail();
  arrive();
  for (int r = 0; r < ranks_; r++) {
    if (r != number_) wait_for(r, deadline);
  }
}

void ptc_rank::arrive() {
  Seat& seat = header_->seat[number_];
  // Sequentially consistent with `waiting`: either the sleeper sees the arrival or we see the sleeper.
  seat.arrived.store(++meetings_);
  if (seat.waiting.load() != 0) partita::wake_all(&seat.arrived);
}

bool ptc_rank::has_come(int rank) const {
  std::uint32_t seen = header_->seat[rank].arrived.load(std::memory_order_acquire);
  return static_cast<std::int32_t>(seen - meetings_) >= 0;
}

void ptc_rank::wait_for(int rank, Deadline deadline) {
  Seat& seat = header_->seat[rank];
  for (int spin = 0; spin < partita::kSpins; spin++) {
    if (has_come(rank)) return;
    partita::relax();
  }
  while (!has_come(rank)) {
    seat.waiting.fetch_add(1);
    std::uint32_t seen = seat.arrived.load();
    bool sleep = !has_come(rank) && seat.state.load() != partita::kLeft && header_->failure.load() == 0;
    if (sleep) partita::sleep_on(&seat.arrived, seen, deadline);
    seat.waiting.fetch_sub(1);
    if (has_come(rank)) return;
    look_after_the_missing(deadline);
  }
}

// All of them: the one waited for may be computing, and another dead.
void ptc_rank::look_after_the_missing(Deadline deadline) {
  if (header_->failure.load() != 0) fail();
  const bool late = std::chrono::steady_clock::now() >= deadline;
  const std::int32_t own_process = header_->seat[number_].process.load();
  for (int r = 0; r < ranks_; r++) {
    const Seat& seat = header_->seat[r];
    const std::uint32_t state = seat.state.load();  // before looking whether it has come: it may come and leave
    if (r == number_ || has_come(r)) continue;
    const std::int32_t process = seat.process.load();
    if (state == partita::kLeft) end_group(partita::kPeerLeft, r);
    if (process != 0 && process != own_process && !partita::is_alive({process, seat.process_start.load()})) {
      end_group(partita::kPeerDied, r);
    }
    if (late) end_group(partita::kPeerLate, r);
  }
}

void ptc_rank::end_group(partita::FailureReason reason, int rank) {
  std::uint32_t none = 0;
  header_->failure.compare_exchange_strong(none, reason << 8 | static_cast<std::uint32_t>(rank));
  for (int r = 0; r < ranks_; r++) partita::wake_all(&header_->seat[r].arrived);
  fail();
}

void ptc_rank::fail() const {
  std::uint32_t failure = header_->failure.load();
  std::string who = "rank " + std::to_string(failure & 0xFF);
  switch (failure >> 8) {
    case partita::kPeerLate:
      throw partita::TimedOut(who + " did not come within the time-out; the group has ended");
    case partita::kPeerDied:
      throw partita::PeerLost(who + " has died; the group has ended");
    default:
      throw partita::PeerLost(who + " has left; the group has ended");
  }
}

void ptc_rank::find_out_who_is_together() {
  together_ = true;
  const Seat& own = header_->seat[number_];
  for (int r = 0; r < ranks_; r++) {
    const Seat& seat = header_->seat[r];
    together_ = together_ && seat.process.load() == own.process.load() &&
                seat.process_start.load() == own.process_start.load();
  }
}
