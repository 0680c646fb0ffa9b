// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "counted_memory.h"

#include <sys/mman.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include "status.h"

namespace partita {
namespace {

// Layout of a block:  [header, 64 bytes][payload, on a 64-byte boundary]
// and of a large one: [2 MiB, of which the last 64 bytes are the header][payload, on a 2 MiB boundary]
// where untouched pages of the first 2 MiB cost nothing.
struct Header {
  void* base;
  std::size_t mapped;  // 0: from malloc
  std::size_t bytes;
};
constexpr std::size_t kHeader = 64;
constexpr std::size_t kLarge = std::size_t{4} << 20;
constexpr std::size_t kHuge = std::size_t{2} << 20;

std::atomic<std::int64_t> held{0};

Header* header_of(void* payload) {
  return reinterpret_cast<Header*>(static_cast<char*>(payload) - kHeader);
}

void* allocate_large(std::size_t bytes) {
  // Room for any alignment of the mapping.
  std::size_t mapped = ((bytes + kHuge - 1) / kHuge + 2) * kHuge;
  void* base = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) throw std::bad_alloc();
  auto address = reinterpret_cast<std::uintptr_t>(base);
  auto aligned = (address + kHeader + kHuge - 1) / kHuge * kHuge;
  auto* payload = reinterpret_cast<void*>(aligned);
  // Random access to embedding rows is bound by TLB misses on 4 KiB pages. Only whole huge pages
  // inside the payload: the tail stays small pages, so that memory is not rounded up.
  madvise(payload, bytes / kHuge * kHuge, MADV_HUGEPAGE);
  *header_of(payload) = Header{base, mapped, bytes};
  return payload;
}

void* allocate_small(std::size_t bytes) {
  std::size_t total = (bytes + kHeader + 63) / 64 * 64;
  void* base = std::aligned_alloc(64, total);
  if (base == nullptr) throw std::bad_alloc();
  void* payload = static_cast<char*>(base) + kHeader;
  *header_of(payload) = Header{base, 0, bytes};
  return payload;
}

}  // namespace

void* allocate(std::size_t bytes) {
  if (bytes > (std::size_t{1} << 46)) throw std::bad_alloc();
  void* payload = bytes >= kLarge ? allocate_large(bytes) : allocate_small(bytes);
  held.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
  return payload;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  Header header = *header_of(memory);
  held.fetch_sub(static_cast<std::int64_t>(header.bytes), std::memory_order_relaxed);
  if (header.mapped != 0) {
    munmap(header.base, header.mapped);
  } else {
    std::free(header.base);
  }
}

std::int64_t held_bytes() noexcept { return held.load(std::memory_order_relaxed); }

}  // namespace partita

ptc_status ptc_alloc(int64_t bytes, void** out) {
  return partita::guarded([&] {
    partita::require(out != nullptr, "ptc_alloc: out is null");
    partita::require(bytes > 0, "ptc_alloc: bytes must be above 0");
    *out = partita::allocate(static_cast<std::size_t>(bytes));
    if (static_cast<std::size_t>(bytes) < partita::kLarge) {
      std::memset(*out, 0, static_cast<std::size_t>(bytes));  // fresh mappings are zero already
    }
  });
}

void ptc_free(void* memory) { partita::release(memory); }

int64_t ptc_held_bytes(void) { return partita::held_bytes(); }
