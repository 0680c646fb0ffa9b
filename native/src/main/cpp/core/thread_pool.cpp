// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "thread_pool.h"

#include <pthread.h>
#include <signal.h>

namespace partita {

ThreadPool::ThreadPool(int threads) {
  // Signals belong to the JVM's threads: new threads inherit a mask that blocks them all.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    for (int i = 1; i < threads; i++) {
      workers_.emplace_back([this] { work(); });
      pthread_setname_np(workers_.back().native_handle(), "partita-core");
    }
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    {
      std::lock_guard lock(mutex_);
      ending_ = true;
    }
    start_.notify_all();
    for (auto& worker : workers_) worker.join();
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
  }
  start_.notify_all();
  for (auto& worker : workers_) worker.join();
}

bool ThreadPool::run(int count, const std::function<void(int)>& task, Deadline deadline) {
  if (workers_.empty()) {
    for (int i = 0; i < count; i++) task(i);
    return true;
  }
  {
    // Not a timed mutex, whose lock by the steady clock GCC 12's ThreadSanitizer does not know.
    std::unique_lock lock(mutex_);
    if (!turn_.wait_until(lock, deadline, [this] { return !taken_; })) return false;
    taken_ = true;
    task_ = &task;
    count_ = count;
    next_.store(0);
    busy_ = static_cast<int>(workers_.size());
    round_++;
  }
  start_.notify_all();
  drain(task, count);
  // Bounded: what is left is at most one task per worker, and tasks poll the deadline themselves.
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return busy_ == 0; });
  taken_ = false;
  turn_.notify_one();
  return true;
}

void ThreadPool::drain(const std::function<void(int)>& task, int count) {
  for (int i = next_.fetch_add(1); i < count; i = next_.fetch_add(1)) task(i);
}

void ThreadPool::work() {
  std::uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    start_.wait(lock, [&] { return ending_ || round_ != seen; });
    if (ending_) return;
    seen = round_;
    const auto* task = task_;
    int count = count_;
    lock.unlock();
    drain(*task, count);
    lock.lock();
    if (--busy_ == 0) done_.notify_one();
  }
}

}  // namespace partita
