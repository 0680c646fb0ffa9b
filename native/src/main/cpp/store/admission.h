// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Who may be a client of an arena, and as which of its 64.
#pragma once

#include <functional>
#include <string>

#include "control.h"
#include "protocol.h"

namespace partita::store {

// A place for a new client; a Welcome with CONFLICT when all are taken.
Welcome admit(Control& control, std::int32_t pid);
// The place a client had under the former broker; FORBIDDEN unless it proves that it is its.
Welcome readmit(Control& control, const Hello& hello);
Welcome refusal(std::int32_t status, const std::string& text);

// Told the number of each client that was reaped, without the lock.
using OnReaped = std::function<void(std::uint32_t)>;

// Reaps the clients that are dead (their byte of members.lock is free), as far as `connected` does not name
// them. True while some are neither dead nor connected.
bool reap_the_dead(Control& control, int members, std::uint64_t connected, const OnReaped& on_reaped);
// The end of a client, by itself. Under the lock.
void leave(Control& control, std::uint32_t client);

}  // namespace partita::store
