// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// From ids to records: open addressing with linear probing and backward-shift deletion, at most half full.
#pragma once

#include "control.h"

namespace partita::store {

// The live record with this id, or kNone. Without the lock the answer may be a record that has just changed:
// check its word. Cost: one or two cache lines of the index, one of the record.
std::uint32_t find(const Control& control, Id id);
// Under the lock, where the answer is certain.
std::uint32_t find_locked(const Control& control, Id id);
// Under the lock.
void index_insert(Control& control, std::uint32_t record);
void index_erase(Control& control, std::uint32_t record);
void index_clear(Control& control);

}  // namespace partita::store
