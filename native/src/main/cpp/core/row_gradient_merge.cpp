// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Sums of micro-shards' gradients in a fixed tree: the bits depend on the shards only, never on how
// the rows were divided among ranks.  O(rows of all shards in the range * dim).
#include <algorithm>
#include <cstring>

#include "float_kernels.h"
#include "row_gradient.h"
#include "status.h"

namespace partita {
namespace {

constexpr int kMaxShards = 8;
constexpr std::int64_t kBlock = 1024;  // floats of a dense gradient summed while they are in the cache

struct Cursor {
  const std::int32_t* row;
  const std::int32_t* end;
  const float* values;
};

Cursor cursor_over(const ptc_row_gradient& shard, std::int32_t from, std::int32_t to) {
  const std::int32_t* begin = shard.rows.data();
  const std::int32_t* end = begin + shard.count;
  const std::int32_t* first = std::lower_bound(begin, end, from);
  return Cursor{first, std::lower_bound(first, end, to), shard.values.data() + (first - begin) * shard.dim};
}

void merge(ptc_row_gradient& into, const ptc_row_gradient* const* shards, int shard_count, std::int32_t from,
           std::int32_t to) {
  const FloatKernels& kernels = float_kernels();
  const std::int64_t dim = into.dim;
  Cursor cursors[kMaxShards] = {};
  std::size_t most = 0;
  for (int s = 0; s < shard_count; s++) {
    cursors[s] = cursor_over(*shards[s], from, to);
    most += static_cast<std::size_t>(cursors[s].end - cursors[s].row);
  }
  into.count = 0;
  std::int32_t* rows = into.rows.at_least(most);
  float* out = into.values.at_least(most * dim);
  float* scratch = into.scaled.at_least(static_cast<std::size_t>(kMaxShards - 1) * dim);
  std::int32_t count = 0;
  for (;;) {
    std::int32_t row = to;
    for (int s = 0; s < shard_count; s++) {
      if (cursors[s].row != cursors[s].end && *cursors[s].row < row) row = *cursors[s].row;
    }
    if (row == to) break;
    const float* sources[kMaxShards] = {};
    for (int s = 0; s < shard_count; s++) {
      Cursor& cursor = cursors[s];
      if (cursor.row == cursor.end || *cursor.row != row) continue;
      sources[s] = cursor.values;
      cursor.row++;
      cursor.values += dim;
    }
    rows[count] = row;
    const float* sum = tree_sum(kernels, sources, shard_count, scratch, dim);
    std::memcpy(out + count * dim, sum, static_cast<std::size_t>(dim) * sizeof(float));
    count++;
  }
  into.count = count;
}

}  // namespace
}  // namespace partita

using partita::guarded;
using partita::require;

ptc_status ptc_row_gradient_merge(ptc_row_gradient* into, const ptc_row_gradient* const* shards,
                                  int32_t shard_count, int32_t from_row, int32_t to_row) {
  return guarded([&] {
    require(into != nullptr && shards != nullptr, "ptc_row_gradient_merge: a handle is null");
    require(shard_count >= 1 && shard_count <= partita::kMaxShards,
            "ptc_row_gradient_merge: shard_count must be 1 to 8");
    require(from_row >= 0 && from_row <= to_row, "ptc_row_gradient_merge: the row range is not a range");
    for (int32_t s = 0; s < shard_count; s++) {
      require(shards[s] != nullptr && shards[s] != into, "ptc_row_gradient_merge: a shard is null or the output");
      require(shards[s]->dim == into->dim, "ptc_row_gradient_merge: the shards differ in dim");
    }
    partita::merge(*into, shards, shard_count, from_row, to_row);
  });
}

ptc_status ptc_dense_merge(float* into, const float* const* shards, int32_t shard_count, int64_t from,
                           int64_t to) {
  return guarded([&] {
    require(into != nullptr && shards != nullptr, "ptc_dense_merge: a pointer is null");
    require(shard_count >= 1 && shard_count <= partita::kMaxShards, "ptc_dense_merge: shard_count must be 1 to 8");
    require(from >= 0 && from <= to, "ptc_dense_merge: the range is not a range");
    const partita::FloatKernels& kernels = partita::float_kernels();
    float scratch[(partita::kMaxShards - 1) * partita::kBlock];
    for (int64_t at = from; at < to; at += partita::kBlock) {
      int64_t n = std::min(partita::kBlock, to - at);
      const float* sources[partita::kMaxShards] = {};
      for (int32_t s = 0; s < shard_count; s++) sources[s] = shards[s] + at;
      const float* sum = partita::tree_sum(kernels, sources, shard_count, scratch, n);
      std::memcpy(into + at, sum, static_cast<std::size_t>(n) * sizeof(float));
    }
  });
}
