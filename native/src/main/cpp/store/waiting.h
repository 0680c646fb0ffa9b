// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Waiting for a Signal. The client's bit in it is set as long as any of its threads waits, so that nobody pays for
// a wake-up that no one hears, and a broker can clear what a dead client left.
#pragma once

#include <mutex>

#include "control.h"
#include "futex.h"

namespace partita::store {

// One client's waits for one signal.
class WaitPoint {
 public:
  WaitPoint(Signal& signal, std::uint32_t client) : signal_(signal), bit_(std::uint64_t{1} << client) {}

  // While one of these lives, announcements are heard. `seen` before looking, `wait` after looking in vain.
  class Waiter {
   public:
    explicit Waiter(WaitPoint& point) : point_(point) {
      std::lock_guard<std::mutex> guard(point_.mutex_);
      if (point_.waiters_++ == 0) point_.signal_.waiting.fetch_or(point_.bit_, std::memory_order_seq_cst);
    }
    ~Waiter() {
      std::lock_guard<std::mutex> guard(point_.mutex_);
      if (--point_.waiters_ == 0) point_.signal_.waiting.fetch_and(~point_.bit_, std::memory_order_seq_cst);
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    void look() { seen_ = point_.signal_.sequence.load(std::memory_order_seq_cst); }
    void wait(Deadline deadline) { futex_wait(point_.signal_.sequence, seen_, deadline.at_most_millis(100)); }

   private:
    WaitPoint& point_;
    std::uint32_t seen_ = 0;
  };

 private:
  Signal& signal_;
  std::uint64_t bit_;
  std::mutex mutex_;
  int waiters_ = 0;
};

}  // namespace partita::store
