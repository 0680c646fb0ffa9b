// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "counted_memory.h"

// Feature ids of a batch of texts in CSR form.
struct ptc_features {
  partita::Buffer<std::int32_t> ids;
  partita::Buffer<std::int32_t> offsets;  // size + 1
  std::int32_t size = 0;
  std::int32_t count = 0;
};
