// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "counted_memory.h"

// The gradient of some rows of an embedding: sorted unique rows, values[count, dim].
struct ptc_row_gradient {
  explicit ptc_row_gradient(std::int32_t row_size) : dim(row_size) {}
  const std::int32_t dim;
  std::int32_t count = 0;
  partita::Buffer<std::int32_t> rows;
  partita::Buffer<float> values;

  // Work space that a build or a merge fills anew.
  struct Entry {
    std::int32_t row, bag;
  };
  partita::Buffer<Entry> entries, sorted;
  partita::Buffer<float> scaled;
  partita::Buffer<const float*> sources;
};
