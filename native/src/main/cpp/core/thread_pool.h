// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The core's own threads. No OpenMP: its runtime would fight with libtorch's.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace partita {

using Deadline = std::chrono::steady_clock::time_point;

class ThreadPool {
 public:
  // The caller of run() is one of the threads, so `threads` - 1 are started.
  explicit ThreadPool(int threads);
  ~ThreadPool();

  // Runs task(0) … task(count - 1), each once, on all threads; returns when all have ended. Tasks do
  // not throw; they poll their own deadline if they may take long. One run at a time: a second caller
  // waits until `deadline` and then gets false.
  bool run(int count, const std::function<void(int)>& task, Deadline deadline);

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

 private:
  void work();
  void drain(const std::function<void(int)>& task, int count);

  std::mutex mutex_;
  std::condition_variable start_, done_, turn_;
  bool taken_ = false;  // by the run that has its turn
  const std::function<void(int)>* task_ = nullptr;
  int count_ = 0;
  std::atomic<int> next_{0};
  std::uint64_t round_ = 0;
  int busy_ = 0;
  bool ending_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace partita
