// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/random.h>

#include <array>
#include <mutex>

#include "failure.h"
#include "layout.h"

namespace partita::store {

// 128 bits of the system's random numbers an id; one system call for 128 of them.
class IdSource {
 public:
  Id next() {
    std::lock_guard<std::mutex> guard(mutex_);
    if (left_ == 0) {
      if (getrandom(pool_.data(), sizeof pool_, 0) != sizeof pool_) fail_with_errno("getrandom");
      left_ = pool_.size();
    }
    return pool_[--left_];
  }

 private:
  std::mutex mutex_;
  std::array<Id, 128> pool_{};
  std::size_t left_ = 0;
};

}  // namespace partita::store
