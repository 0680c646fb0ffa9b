// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// How a process becomes a member of the arena of a folder.
#pragma once

#include <memory>

#include "arena_memory.h"
#include "control.h"
#include "meeting_place.h"
#include "protocol.h"

namespace partita::store {

struct Membership {
  Control control;
  ArenaMemory arena;
  Descriptor lease;        // arena.lock
  Descriptor members;      // members.lock, our byte locked
  Descriptor connection;   // to the broker; or, if we are it:
  Descriptor broker_lock;  // broker.lock
  std::uint32_t client;
  std::uint32_t generation;
  std::uint64_t token_high, token_low;
  bool made;  // the arena is ours, and new

  Hello rejoin_hello() const;
};

// Joins, or makes an arena of this size where no process has one.
Membership join(const MeetingPlace& place, std::uint64_t arena_bytes, Deadline deadline);

}  // namespace partita::store
