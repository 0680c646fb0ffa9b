// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "arena_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "failure.h"
#include "layout.h"
#include "threads.h"

namespace partita::store {
namespace {

constexpr int kPopulateRead = 22;  // MADV_POPULATE_READ and _WRITE of Linux 5.14
constexpr int kPopulateWrite = 23;
constexpr std::uint64_t kPrefaultStep = std::uint64_t{16} << 20;

// On a 2 MiB boundary, so that huge pages fit where the system gives them to shared memory.
char* map_aligned(int fd, std::uint64_t bytes, int protection) {
  void* room = mmap(nullptr, bytes + kHugePage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) fail_with_errno("reserving addresses for an arena of " + human_bytes(bytes));
  auto from = reinterpret_cast<std::uintptr_t>(room);
  std::uintptr_t aligned = (from + kHugePage - 1) / kHugePage * kHugePage;
  void* base = mmap(reinterpret_cast<void*>(aligned), bytes, protection, MAP_SHARED | MAP_FIXED | MAP_NORESERVE, fd, 0);
  if (base == MAP_FAILED) {
    int error = errno;
    munmap(room, bytes + kHugePage);
    errno = error;
    fail_with_errno("mapping an arena of " + human_bytes(bytes));
  }
  if (aligned > from) munmap(room, aligned - from);
  std::uintptr_t end = from + bytes + kHugePage;
  if (end > aligned + bytes) munmap(reinterpret_cast<void*>(aligned + bytes), end - aligned - bytes);
  madvise(base, bytes, MADV_HUGEPAGE);
  madvise(base, bytes, MADV_DONTDUMP);
  return static_cast<char*>(base);
}

}  // namespace

ArenaMemory ArenaMemory::make(std::uint64_t bytes) {
  Descriptor writable(memfd_create("partita-store-arena", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!writable.open()) fail_with_errno("memfd_create for an arena of " + human_bytes(bytes));
  if (ftruncate(writable.get(), static_cast<off_t>(bytes)) != 0) {
    fail_with_errno("sizing an arena of " + human_bytes(bytes));
  }
  if (fcntl(writable.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    fail_with_errno("sealing the size of an arena");
  }
  std::string path = "/proc/self/fd/" + std::to_string(writable.get());
  Descriptor readable(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!readable.open()) fail_with_errno("opening the arena read-only by " + path);
  return ArenaMemory(std::move(writable), std::move(readable), bytes);
}

ArenaMemory ArenaMemory::attach(Descriptor writable, Descriptor readable, std::uint64_t bytes) {
  struct stat w{}, r{};
  bool sound = fstat(writable.get(), &w) == 0 && fstat(readable.get(), &r) == 0 && w.st_ino == r.st_ino &&
               w.st_dev == r.st_dev && static_cast<std::uint64_t>(w.st_size) == bytes;
  int seals = fcntl(writable.get(), F_GET_SEALS);
  sound = sound && seals >= 0 && (seals & F_SEAL_SHRINK) != 0;
  sound = sound && (fcntl(readable.get(), F_GETFL) & O_ACCMODE) == O_RDONLY;
  if (!sound) throw Failure(PTC_FORBIDDEN, "what the broker sent is not an arena of " + human_bytes(bytes));
  return ArenaMemory(std::move(writable), std::move(readable), bytes);
}

ArenaMemory::ArenaMemory(Descriptor writable, Descriptor readable, std::uint64_t bytes)
    : writable_fd_(std::move(writable)), readable_fd_(std::move(readable)), bytes_(bytes) {
  writable_ = map_aligned(writable_fd_.get(), bytes, PROT_READ | PROT_WRITE);
  try {
    readable_ = map_aligned(readable_fd_.get(), bytes, PROT_READ);
  } catch (...) {
    munmap(writable_, bytes);
    throw;
  }
}

ArenaMemory::ArenaMemory(ArenaMemory&& other) noexcept
    : writable_fd_(std::move(other.writable_fd_)),
      readable_fd_(std::move(other.readable_fd_)),
      bytes_(other.bytes_),
      writable_(std::exchange(other.writable_, nullptr)),
      readable_(std::exchange(other.readable_, nullptr)) {}

ArenaMemory::~ArenaMemory() {
  if (writable_ != nullptr) munmap(writable_, bytes_);
  if (readable_ != nullptr) munmap(readable_, bytes_);
}

Prefault::Prefault(const ArenaMemory& arena) {
  char* writable = arena.writable();
  char* readable = const_cast<char*>(arena.readable());
  std::uint64_t bytes = arena.bytes();
  thread_ = quiet_thread([this, writable, readable, bytes] {
    for (std::uint64_t at = 0; at < bytes && !stop_.load(std::memory_order_relaxed); at += kPrefaultStep) {
      std::uint64_t step = std::min(kPrefaultStep, bytes - at);
      // Where the system is too old or out of memory, pages come when they are used.
      if (madvise(writable + at, step, kPopulateWrite) != 0) return;
      madvise(readable + at, step, kPopulateRead);
    }
  });
}

Prefault::~Prefault() {
  stop_.store(true, std::memory_order_relaxed);
  thread_.join();
}

}  // namespace partita::store
