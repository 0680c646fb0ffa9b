// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Budgets: store -> tenant -> job, each a limit on the bytes of the arena below it. All under the lock.
#pragma once

#include <string>

#include "control.h"

namespace partita::store {

// Makes it, or changes its limit.
std::uint32_t set_budget(Control& control, const std::string& name, std::uint64_t limit_bytes);
// 0 where there is none of this name.
std::uint32_t find_budget(const Control& control, const std::string& name);
void remove_budget(Control& control, std::uint32_t budget);
// Throws INVALID_ARGUMENT unless it exists.
void require_budget(const Control& control, std::uint32_t budget);

// What stops `bytes` more from fitting into a budget: the narrowest one that is full, and by how much.
struct Shortage {
  bool exists = false;
  std::uint32_t budget = 0;
  std::uint64_t bytes = 0;
};
Shortage shortage(const Control& control, std::uint32_t budget, std::uint64_t bytes);
// The smallest limit on the way up.
std::uint64_t tightest_limit(const Control& control, std::uint32_t budget);

// Who holds the bytes of a full budget, for the text of an error.
std::string who_holds(const Control& control, std::uint32_t full);

}  // namespace partita::store
