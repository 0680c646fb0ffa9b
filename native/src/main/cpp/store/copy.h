// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace partita::store {

// memcpy into the arena. From 2 MiB on by non-temporal stores: they do not read the destination before they write it,
// and leave the caches to others.
void copy_in(char* to, const void* from, std::uint64_t bytes);

}  // namespace partita::store
