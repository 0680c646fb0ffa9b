// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace partita::store {

// An instant of the monotonic clock until which a call may wait.
class Deadline {
 public:
  static Deadline after_millis(std::int64_t millis) {
    return Deadline(Clock::now() + std::chrono::milliseconds(millis));
  }

  bool passed() const { return Clock::now() >= at_; }

  std::int64_t remaining_millis() const {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(at_ - Clock::now()).count();
    return std::max<std::int64_t>(0, left);
  }

  Deadline at_most_millis(std::int64_t millis) const {
    return Deadline(std::min(at_, Clock::now() + std::chrono::milliseconds(millis)));
  }

  // As CLOCK_MONOTONIC counts.
  timespec as_timespec() const {
    auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(at_.time_since_epoch()).count();
    return {static_cast<time_t>(nanos / 1'000'000'000), static_cast<long>(nanos % 1'000'000'000)};
  }

 private:
  using Clock = std::chrono::steady_clock;
  explicit Deadline(Clock::time_point at) : at_(at) {}
  Clock::time_point at_;
};

}  // namespace partita::store
