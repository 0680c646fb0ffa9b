// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// A store in a folder of its own, and processes that share it.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "check.h"
#include "partita_store.h"

namespace partita::tests {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;

struct Folder {
  Folder() {
    char name[] = "/tmp/partita-store-XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string store() const { return path + "/store"; }
  std::string spill() const { return path + "/spill"; }
  std::string path;
};

struct OpenStore {
  explicit OpenStore(const Folder& folder, std::int64_t bytes = 16 * kMiB, bool spill = false) {
    status = ptc_store_open(folder.store().c_str(), bytes, spill ? folder.spill().c_str() : nullptr,
                            PTC_STORE_NO_PREFAULT, 10'000, &store);
    if (status != PTC_OK) fail(__FILE__, __LINE__, std::string("ptc_store_open: ") + ptc_last_error());
  }
  ~OpenStore() { close(); }
  OpenStore(const OpenStore&) = delete;
  void close() { ptc_store_close(std::exchange(store, nullptr)); }
  operator ptc_store*() const { return store; }

  ptc_store_statistics stats() const {
    ptc_store_statistics s{};
    ptc_store_stats(store, &s);
    return s;
  }

  ptc_store* store = nullptr;
  ptc_status status;
};

struct ObjectId {
  std::int64_t high = 0, low = 0;
};

// Content that tells which object it is of, and whether it is whole.
inline std::vector<char> content_of(std::uint64_t seed, std::size_t bytes) {
  std::vector<char> content;
  content.reserve(bytes + 1);  // an address even where there are no bytes
  content.resize(bytes);
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < bytes; i += 8) {
    std::uint64_t word = random();
    std::memcpy(content.data() + i, &word, std::min<std::size_t>(8, bytes - i));
  }
  return content;
}

inline ObjectId put(ptc_store* store, const std::vector<char>& content, ObjectId id = {}, int budget = 0,
                    int timeout_millis = 0) {
  ObjectId out;
  CHECK_OK(ptc_store_put(store, budget, id.high, id.low, content.data(), static_cast<std::int64_t>(content.size()),
                         nullptr, 0, timeout_millis, &out.high, &out.low));
  return out;
}

inline bool holds(ptc_store* store, ObjectId id, const std::vector<char>& content, int timeout_millis = 0) {
  ptc_stored stored;
  if (ptc_store_get(store, id.high, id.low, timeout_millis, &stored) != PTC_OK) return false;
  bool same = stored.bytes == static_cast<std::int64_t>(content.size()) &&
              std::memcmp(stored.data, content.data(), content.size()) == 0;
  return ptc_store_release(store, stored.pin) == PTC_OK && same;
}

inline bool error_says(const char* part) { return std::strstr(ptc_last_error(), part) != nullptr; }

template <typename F>
bool within(int millis, F&& holds_now) {
  auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(millis);
  while (!holds_now()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

// Runs `body` in a child; its result is the exit status. The child leaves without running anything of ours.
template <typename F>
pid_t in_child(F&& body) {
  std::fflush(nullptr);
  pid_t pid = fork();
  if (pid == 0) _exit(body());
  return pid;
}

// ThreadSanitizer allows no threads in a child of a process that has some. True: the test was skipped for that.
inline bool skipped_under_thread_sanitizer() {
#if defined(__SANITIZE_THREAD__)
  skip("ThreadSanitizer: no threads in a child of a process with threads");
  return true;
#else
  return false;
#endif
}

// Exit status of a child; 1000 + signal if it was killed.
inline int end_of(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) return -1;
  return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace partita::tests
