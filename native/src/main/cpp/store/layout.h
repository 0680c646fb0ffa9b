// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// What the processes of one arena share besides the payload: the control segment.
//
//   [Header: identity, lock, signals, allocator, clients, budgets][index: u32 x slots][Record x records]
//
// Only the words of live records are the truth. Index, free extents, neighbours, budgets' use and counters are
// derived from them, and derived anew when a process died while it held the lock (recovery.h). So a record
// becomes live, or stops being live, by ONE store to its word, after everything else it says is in place.
#pragma once

#include <pthread.h>

#include <atomic>
#include <cstdint>

namespace partita::store {

constexpr std::uint64_t kMagic = 0x31304552'4f545350;  // "PSTORE01"
constexpr std::uint32_t kLayoutVersion = 1;
constexpr std::uint64_t kGranule = 64;  // bytes; extents begin and end on it
constexpr std::uint32_t kMaxClients = 64;
constexpr std::uint32_t kMaxBudgets = 4096;
constexpr std::uint64_t kMaxMetadata = 65535;
constexpr std::uint64_t kMinArena = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxArena = std::uint64_t{255} << 30;  // below 2^32 granules
constexpr std::uint64_t kHugePage = std::uint64_t{2} << 20;
constexpr std::uint32_t kNone = 0;  // no record: number 0 is never used
constexpr std::uint8_t kNobody = 255;

struct Id {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const Id& other) const { return high == other.high && low == other.low; }
};

enum class State : std::uint8_t {
  kUnused = 0,     // in the pool of records
  kFree = 1,       // a free extent of the arena
  kCreated = 2,    // being written by `client`
  kSealed = 3,     // immutable, in the arena
  kSpilling = 4,   // sealed, and being copied to the spill folder by `client`
  kSpilled = 5,    // in the spill folder only
  kRestoring = 6,  // being copied back by `client`
  kDoomed = 7,     // deleted, and still pinned
};

// The word of a record, 64 bits: [generation 32][budget 16][client 8][state 8]. The generation counts the lives
// of the record, so that a token of a former life is recognised.
struct Word {
  std::uint32_t generation = 0;
  std::uint16_t budget = 0;
  std::uint8_t client = kNobody;
  State state = State::kUnused;

  static Word of(std::uint64_t bits) {
    return {static_cast<std::uint32_t>(bits >> 32), static_cast<std::uint16_t>(bits >> 16),
            static_cast<std::uint8_t>(bits >> 8), static_cast<State>(bits & 0xFF)};
  }
  std::uint64_t bits() const {
    return std::uint64_t{generation} << 32 | std::uint64_t{budget} << 16 | std::uint64_t{client} << 8 |
           static_cast<std::uint64_t>(state);
  }
  Word with(State next, std::uint8_t worker = kNobody) const { return {generation, budget, worker, next}; }

  bool readable() const { return state == State::kSealed || state == State::kSpilling; }
  // Occupies the arena.
  bool resident() const {
    return readable() || state == State::kCreated || state == State::kRestoring || state == State::kDoomed;
  }
  bool live() const { return resident() || state == State::kSpilled; }
  bool findable() const { return live() && state != State::kDoomed; }
};

// An object or a free extent; 64 bytes. All that is read without the lock is atomic.
struct Record {
  std::atomic<std::uint64_t> id_high;  // of a free extent: unused
  std::atomic<std::uint64_t> id_low;   // of a free extent: its neighbours in the bin; in the pool: the next record
  std::atomic<std::uint64_t> word;
  std::atomic<std::uint64_t> holders;  // bit c: client c holds at least one pin
  std::atomic<std::uint64_t> sizes;    // [payload bytes 48][metadata bytes 16]
  std::atomic<std::uint64_t> extent;   // [first granule 32][granules 32]; stale once spilled
  std::uint32_t before;                // neighbours in the arena, kNone at its ends; under the lock
  std::uint32_t after;
  std::atomic<std::uint32_t> last_used;  // Header::clock at the last get
  std::atomic<std::uint32_t> flags;

  Id id() const {
    return {id_high.load(std::memory_order_relaxed), id_low.load(std::memory_order_relaxed)};
  }
  std::uint64_t bytes() const { return sizes.load(std::memory_order_relaxed) >> 16; }
  std::uint64_t metadata_bytes() const { return sizes.load(std::memory_order_relaxed) & 0xFFFF; }
  std::uint64_t first_granule() const { return extent.load(std::memory_order_relaxed) >> 32; }
  std::uint64_t granules() const { return extent.load(std::memory_order_relaxed) & 0xFFFFFFFF; }
  void set_extent(std::uint64_t first, std::uint64_t count) {
    extent.store(first << 32 | count, std::memory_order_relaxed);
  }
};
static_assert(sizeof(Record) == 64);
constexpr std::uint32_t kMayBeOnDisk = 1;  // a spill file was written in this life

// Metadata lie behind the payload, on an 8-byte boundary.
constexpr std::uint64_t metadata_offset(std::uint64_t bytes) { return (bytes + 7) / 8 * 8; }
constexpr std::uint64_t granules_for(std::uint64_t bytes, std::uint64_t metadata_bytes) {
  std::uint64_t all = metadata_bytes == 0 ? bytes : metadata_offset(bytes) + metadata_bytes;
  return all == 0 ? 1 : (all + kGranule - 1) / kGranule;
}

// A process that joined. active is set last and cleared last.
struct Client {
  std::atomic<std::uint32_t> active;
  std::atomic<std::uint32_t> generation;
  std::uint64_t token_high, token_low;  // proves to the next broker that a connection is this client's
  std::int32_t pid;
};

struct Budget {
  std::uint32_t used;    // 1: exists; set last
  std::uint32_t parent;  // of a tenant: 0
  std::uint64_t limit_bytes;  // 0: none of its own
  std::uint64_t used_bytes;   // derived
  std::uint64_t objects;      // derived; spilled ones too, budgets below too
  char name[84];              // "tenant" or "tenant/job"
};

// Something to wait for: a number that changes, and the clients that may be waiting.
struct alignas(64) Signal {
  std::atomic<std::uint32_t> sequence;
  std::atomic<std::uint64_t> waiting;
};

// Free extents by size: 8 bins per power of two.
constexpr std::uint32_t kBins = 33 * 8;

struct Allocator {
  std::uint32_t heads[kBins];
  std::uint64_t occupied[(kBins + 63) / 64];
};

struct Counters {
  std::uint64_t live, spilled, used_bytes;       // derived
  std::uint64_t spills, restores, recoveries, reaped;  // since the arena was made
};

struct Header {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t records;      // a power of two; objects are at most half of it
  std::uint64_t arena_bytes;
  std::uint64_t arena_id_high, arena_id_low;

  alignas(64) pthread_mutex_t lock;  // process-shared and robust
  Signal sealed;                     // an object was sealed, restored or given up
  Signal space;                      // bytes became free
  alignas(64) std::atomic<std::uint64_t> index_version;  // odd while entries move
  alignas(64) std::atomic<std::uint32_t> clock;          // counts creations; the measure of "recently used"
  std::atomic<std::int32_t> broker_pid;

  // From here on: under the lock.
  alignas(64) std::uint32_t records_touched;  // records from this number on were never used
  std::uint32_t pool;                         // unused records
  std::uint32_t damaged;                      // extents overlap: nothing here can be trusted any more
  Counters counters;
  Allocator allocator;
  Client clients[kMaxClients];
  Budget budgets[kMaxBudgets];
};

constexpr std::uint64_t index_offset() { return (sizeof(Header) + 4095) / 4096 * 4096; }
constexpr std::uint64_t records_offset(std::uint64_t records) {
  return index_offset() + records * sizeof(std::uint32_t);
}
constexpr std::uint64_t control_bytes(std::uint64_t records) {
  return records_offset(records) + records * sizeof(Record);
}

}  // namespace partita::store
