// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The pins of one client. In shared memory each object has one bit per client, which a broker can clear for a
// client that died; how often this client holds it is counted here, in its own memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "control.h"
#include "counted_memory.h"

namespace partita::store {

class Pins {
 public:
  Pins(Control& control, std::uint32_t client);

  enum class Outcome { kPinned, kChanged };
  // Pins the record if it is still a readable object with this id. kChanged: it is not; `collect` says whether
  // a doomed object may have lost its last holder by our look.
  struct Added {
    std::int64_t token = 0;  // 0: not pinned
    bool collect = false;
    std::uint32_t generation = 0;
  };
  Added add(std::uint32_t record, Id id);

  struct Removed {
    std::uint32_t record = kNone;  // kNone: no such pin
    std::uint32_t generation = 0;
    bool last = false;  // this client no longer holds it
  };
  Removed remove(std::int64_t token);

 private:
  struct Slot {
    std::uint32_t record = kNone;
    std::uint32_t life = 0;  // a token of a former life of this slot is refused
    std::uint32_t next_free = 0;
  };
  struct alignas(64) Stripe {
    std::mutex mutex;
    std::vector<Slot> slots;
    std::uint32_t free = 0;  // 1 + number of the first free slot
  };
  static constexpr std::uint32_t kStripes = 64;

  Control& control_;
  std::uint64_t bit_;
  std::unique_ptr<Stripe[]> stripes_;
  Buffer<std::uint32_t> counts_memory_;
  std::uint32_t* counts_;  // by record; of the record's stripe
};

}  // namespace partita::store
