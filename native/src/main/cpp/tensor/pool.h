// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Threads that kernels share; the handle behind partita_tensor.h.
#pragma once

#include <algorithm>
#include <cstdint>

#include "partita_tensor.h"
#include "status.h"
#include "thread_pool.h"

struct ptc_pool {
  ptc_pool(int count, std::int32_t millis) : threads(count), timeout_millis(millis) {}
  partita::ThreadPool threads;
  std::int32_t timeout_millis;
};

namespace partita {

// f(from, to) over pieces of 0 to units, each at least `grain` long (but for the last) and beginning at a
// multiple of it.
template <typename F>
void in_parts(ptc_pool* pool, std::int64_t units, std::int64_t grain, const F& f) {
  if (pool == nullptr || pool->threads.threads() == 1 || units <= grain) {
    f(std::int64_t{0}, units);
    return;
  }
  // Some eight pieces a thread: little is left to wait for at the end.
  std::int64_t wanted = std::int64_t{8} * pool->threads.threads();
  std::int64_t piece = grain * std::max<std::int64_t>(1, units / grain / wanted);
  auto pieces = static_cast<int>((units + piece - 1) / piece);
  auto task = [&](int k) { f(k * piece, std::min(units, (k + 1) * piece)); };
  auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(pool->timeout_millis);
  if (!pool->threads.run(pieces, task, deadline)) {
    throw TimedOut("the pool's threads were busy with other calls until the time-out");
  }
}

}  // namespace partita
