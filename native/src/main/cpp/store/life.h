// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The life of an object: every step from state to state, with what is counted for it. All under the lock.
//
//   create -> kCreated -> seal -> kSealed <-> kSpilling -> kSpilled -> kRestoring -> kSealed
//                |                   |                        |
//              abort            delete, pinned: kDoomed    delete
//                v                   v                        v
//              free  <---------------+------------------------+
#pragma once

#include "control.h"

namespace partita::store {

Word word_of(const Control& control, std::uint32_t record);
bool same_life(const Control& control, std::uint32_t record, std::uint32_t generation);

// A budget's own number and those above it.
template <typename F>
void for_each_budget_up(const Header& header, std::uint32_t budget, F&& visit) {
  for (int depth = 0; depth < 3; depth++) {
    visit(budget);
    if (budget == 0) return;
    budget = header.budgets[budget].parent;
  }
}
bool belongs_to(const Header& header, std::uint32_t budget, std::uint32_t ancestor);

// The taken extent `record` becomes an object that `client` writes.
void begin_object(Control& control, std::uint32_t record, Id id, std::uint64_t bytes, std::uint64_t metadata_bytes,
                  std::uint32_t budget, std::uint8_t client);
// From any live state to nothing; its extent and its record are free.
void free_object(Control& control, std::uint32_t record);
// Deleted: free, or doomed while somebody holds it.
void doom_object(Control& control, std::uint32_t record);
// A doomed object that nobody holds any more is freed; any other is left alone.
void collect_doomed(Control& control, std::uint32_t record, std::uint32_t generation);

// kSpilling, the file in place: gives up the extent, unless somebody pinned it meanwhile (false: sealed again).
bool end_spilling(Control& control, std::uint32_t record);
void stop_spilling(Control& control, std::uint32_t record);
// kSpilled: the taken extent is filled by `client`.
void begin_restoring(Control& control, std::uint32_t record, std::uint32_t taken, std::uint8_t client);
void end_restoring(Control& control, std::uint32_t record);
void stop_restoring(Control& control, std::uint32_t record);
// An object of an earlier arena, found in the spill folder.
void adopt_spilled(Control& control, Id id, std::uint64_t bytes, std::uint64_t metadata_bytes, std::uint32_t budget);

// What a client that is gone left behind: pins, unsealed objects, half-done spills and restores.
void reap(Control& control, std::uint32_t client);

}  // namespace partita::store
