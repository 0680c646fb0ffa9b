// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "pool.h"

using partita::guarded;
using partita::require;

ptc_status ptc_pool_create(int32_t threads, int32_t timeout_millis, ptc_pool** out) {
  return guarded([&] {
    require(out != nullptr, "ptc_pool_create: out is null");
    require(threads >= 1 && threads <= 64, "ptc_pool_create: threads must be 1 to 64");
    require(timeout_millis > 0, "ptc_pool_create: timeout_millis must be above 0");
    *out = new ptc_pool(threads, timeout_millis);
  });
}

void ptc_pool_destroy(ptc_pool* pool) { delete pool; }
