// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The control segment of an arena, mapped into this process, and its lock.
#pragma once

#include <atomic>
#include <cstdint>

#include "deadline.h"
#include "descriptor.h"
#include "layout.h"

namespace partita::store {

class Control {
 public:
  // A new segment for an arena of this size.
  static Control make(std::uint64_t arena_bytes);
  // Somebody else's; refuses what does not look like one.
  static Control attach(Descriptor descriptor);

  Control(Control&& other) noexcept;
  Control& operator=(Control&&) = delete;
  ~Control();

  Header& header() const { return *static_cast<Header*>(base_); }
  std::atomic<std::uint32_t>* index() const { return index_; }
  // Index slots: as many as records.
  std::uint32_t index_mask() const { return records_ - 1; }
  Record& record(std::uint32_t number) const { return record_base_[number]; }
  // A copy of this process: the segment's own may be overwritten by a process gone wild.
  std::uint32_t records() const { return records_; }
  std::uint64_t arena_bytes() const { return arena_bytes_; }
  int descriptor() const { return descriptor_.get(); }

 private:
  Control(Descriptor descriptor, void* base, std::uint64_t mapped, std::uint32_t records, std::uint64_t arena_bytes);

  Descriptor descriptor_;
  void* base_;
  std::uint64_t mapped_;
  std::uint32_t records_;
  std::uint64_t arena_bytes_;
  std::atomic<std::uint32_t>* index_;
  Record* record_base_;
};

// Holds the arena's lock. Where the last holder died, first derives anew what may be half done.
class Locked {
 public:
  explicit Locked(Control& control);  // gives up after 10 s
  ~Locked();
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  Control& control_;
};

// For tests: the n-th step of a change under the lock is this process's last (0: none is).
extern std::atomic<int> inject_death;
void die();
inline void may_die() {
  if (inject_death.load(std::memory_order_relaxed) > 0 && inject_death.fetch_sub(1) == 1) die();
}

// A signal to all who wait for it.
void announce(Signal& signal);

}  // namespace partita::store
