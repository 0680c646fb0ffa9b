// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control.h"

namespace partita::store {

// Index, free extents, pool, use of budgets and counters, from the words of the live records. Under the lock; may
// be cut off at any point and begun again. Allocates nothing. O(n log n), about 0.1 s for a million objects.
void derive_anew(Control& control);

}  // namespace partita::store
