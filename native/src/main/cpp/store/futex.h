// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Waiting for a 32-bit word in shared memory to change; across processes.
#pragma once

#include <atomic>
#include <cstdint>

#include "deadline.h"

namespace partita::store {

// Returns when the word no longer has `expected`, was woken, at the deadline, or for no reason.
void futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline);
void futex_wake_all(std::atomic<std::uint32_t>& word);

}  // namespace partita::store
