// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "control.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "failure.h"
#include "futex.h"
#include "recovery.h"

namespace partita::store {
namespace {

constexpr std::int64_t kLockMillis = 10'000;

// One record for each 512 bytes: untouched pages of the segment cost nothing.
std::uint32_t records_for(std::uint64_t arena_bytes) {
  std::uint64_t wanted = std::clamp<std::uint64_t>(arena_bytes / 512, 1u << 14, 1u << 25);
  std::uint32_t records = 1;
  while (records < wanted) records *= 2;
  return records;
}

void* map(int fd, std::uint64_t bytes) {
  void* base = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
  if (base == MAP_FAILED) fail_with_errno("mapping the store's control segment of " + human_bytes(bytes));
  return base;
}

int lock_within(pthread_mutex_t& lock, std::int64_t millis) {
  timespec until = Deadline::after_millis(millis).as_timespec();
  return pthread_mutex_clocklock(&lock, CLOCK_MONOTONIC, &until);
}

void make_lock(pthread_mutex_t& lock) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  int error = pthread_mutex_init(&lock, &attributes);
  pthread_mutexattr_destroy(&attributes);
  if (error != 0) throw Failure(PTC_INTERNAL, "the system has no robust process-shared mutex");
}

}  // namespace

Control Control::make(std::uint64_t arena_bytes) {
  std::uint32_t records = records_for(arena_bytes);
  std::uint64_t bytes = control_bytes(records);
  Descriptor fd(memfd_create("partita-store-control", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd.open()) fail_with_errno("memfd_create for the store's control segment");
  if (ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0) fail_with_errno("sizing the store's control segment");
  // Nobody may shrink it under our feet: that would be a SIGBUS.
  if (fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    fail_with_errno("sealing the size of the store's control segment");
  }
  void* base = map(fd.get(), bytes);
  Control control(std::move(fd), base, bytes, records, arena_bytes);
  Header& header = control.header();
  header.version = kLayoutVersion;
  header.records = records;
  header.arena_bytes = arena_bytes;
  std::uint64_t id[2];
  if (getrandom(id, sizeof id, 0) != sizeof id) fail_with_errno("getrandom");
  header.arena_id_high = id[0];
  header.arena_id_low = id[1];
  make_lock(header.lock);
  header.records_touched = 1;
  header.budgets[0].used = 1;
  header.budgets[0].limit_bytes = arena_bytes;
  derive_anew(control);
  header.magic = kMagic;
  return control;
}

Control Control::attach(Descriptor fd) {
  auto refuse = [](const char* why) { throw Failure(PTC_FORBIDDEN, std::string("not a store's control segment: ") + why); };
  struct stat status{};
  if (fstat(fd.get(), &status) != 0) fail_with_errno("looking at the store's control segment");
  int seals = fcntl(fd.get(), F_GET_SEALS);
  if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) refuse("its size is not sealed");
  auto bytes = static_cast<std::uint64_t>(status.st_size);
  if (bytes < sizeof(Header)) refuse("too short");
  void* base = map(fd.get(), bytes);
  const auto* header = static_cast<const Header*>(base);
  std::uint32_t records = header->records;
  std::uint64_t arena_bytes = header->arena_bytes;
  bool sound = header->magic == kMagic && header->version == kLayoutVersion && records >= 1024 &&
               (records & (records - 1)) == 0 && records <= (1u << 25) && bytes == control_bytes(records) &&
               arena_bytes >= kMinArena && arena_bytes <= kMaxArena && arena_bytes % kHugePage == 0;
  if (!sound) {
    munmap(base, bytes);
    refuse("wrong magic, version or sizes");
  }
  return Control(std::move(fd), base, bytes, records, arena_bytes);
}

Control::Control(Descriptor descriptor, void* base, std::uint64_t mapped, std::uint32_t records,
                 std::uint64_t arena_bytes)
    : descriptor_(std::move(descriptor)),
      base_(base),
      mapped_(mapped),
      records_(records),
      arena_bytes_(arena_bytes),
      index_(reinterpret_cast<std::atomic<std::uint32_t>*>(static_cast<char*>(base) + index_offset())),
      record_base_(reinterpret_cast<Record*>(static_cast<char*>(base) + records_offset(records))) {}

Control::Control(Control&& other) noexcept
    : descriptor_(std::move(other.descriptor_)),
      base_(std::exchange(other.base_, nullptr)),
      mapped_(other.mapped_),
      records_(other.records_),
      arena_bytes_(other.arena_bytes_),
      index_(other.index_),
      record_base_(other.record_base_) {}

Control::~Control() {
  if (base_ != nullptr) munmap(base_, mapped_);
}

Locked::Locked(Control& control) : control_(control) {
  pthread_mutex_t& lock = control.header().lock;
  int error = pthread_mutex_trylock(&lock);
  if (error == EBUSY) error = lock_within(lock, kLockMillis);
  if (error == EOWNERDEAD) {
    derive_anew(control);
    control.header().counters.recoveries++;
    pthread_mutex_consistent(&lock);
    error = 0;
  }
  if (error == ETIMEDOUT) {
    throw Failure(PTC_TIMEOUT, "another process holds the store's lock for more than 10 s: is it stopped?");
  }
  if (error != 0) throw Failure(PTC_INTERNAL, "the store's lock is broken; close it in all processes");
  if (control.header().damaged != 0) {
    pthread_mutex_unlock(&lock);
    throw Failure(PTC_DATA_LOSS, "the store's control segment is damaged: extents overlap; close it in all processes");
  }
}

Locked::~Locked() { pthread_mutex_unlock(&control_.header().lock); }

std::atomic<int> inject_death{0};
void die() { kill(getpid(), SIGKILL); }

void announce(Signal& signal) {
  signal.sequence.fetch_add(1, std::memory_order_seq_cst);
  if (signal.waiting.load(std::memory_order_seq_cst) != 0) futex_wake_all(signal.sequence);
}

}  // namespace partita::store
