// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The arena's allocator: extents of whole granules, kept in the control segment so that nothing written to the
// payload can hurt it. Two-level segregated fit (Masmano, Ripoll, Crespo, Real: "TLSF", ECRTS 2004) with
// neighbours joined at once; both calls cost O(1). Everything here is called under the lock.
#pragma once

#include "control.h"

namespace partita::store {

// A record that owns `granules` granules, its word still kFree; kNone where no free extent is large enough.
std::uint32_t take_extent(Control& control, std::uint64_t granules);
// The extent of `record`, which is no longer live, is free from now on; the record with it.
void give_extent(Control& control, std::uint32_t record);
// The extent of `record`, an object that lives on without it.
void detach_extent(Control& control, std::uint32_t record);
// An object without an extent gets that of `record`, a taken one; `record` goes back to the pool.
void attach_extent(Control& control, std::uint32_t object, std::uint32_t record);

// Recovery only: makes a free extent, whose neighbours are given.
void add_free_extent(Control& control, std::uint64_t first, std::uint64_t granules, std::uint32_t before,
                     std::uint32_t after);
void to_pool(Control& control, std::uint32_t record);

}  // namespace partita::store
