// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Build and merge of row gradients: rows are grouped, then one thread per value adds up its summands in
// the order in which the CPU does.
#include "group_rows.h"
#include "partita_cuda.h"

namespace partita::cuda {
namespace {

constexpr int kMaxShards = 8;

struct KeysOfIds {
  const std::int32_t* ids;
  std::int64_t count;
  std::uint64_t* keys;

  PTC_BOTH void operator()(std::int64_t i) const {
    keys[i] = i < count ? static_cast<std::uint64_t>(ids[i]) << 32 | static_cast<std::uint64_t>(i) : kNoEntry;
  }
};

struct SumShares {
  const std::uint64_t* keys;
  const std::int32_t* start;
  const std::int32_t* row_count;
  const std::int32_t* offsets;
  const float* d_pooled;
  float* values;
  std::int64_t entries;
  std::int32_t texts, dim;

  PTC_BOTH void operator()(std::int64_t i) const {
    std::int64_t row = i / dim, d = i % dim;
    if (row >= *row_count) return;
    std::int64_t k = start[row];
    float sum = share(k, d);
    for (k++; k < entries && keys[k] >> 32 == keys[k - 1] >> 32; k++) sum += share(k, d);
    values[i] = sum;
  }

  PTC_BOTH float share(std::int64_t k, std::int64_t d) const {
    auto position = static_cast<std::int32_t>(keys[k] & 0xFFFFFFFFu);
    std::int32_t low = 0, high = texts - 1;  // the text whose ids include this position
    while (low < high) {
      std::int32_t middle = (low + high) / 2;
      if (offsets[middle + 1] <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    float factor = 1.0f / static_cast<float>(offsets[low + 1] - offsets[low]);
    return d_pooled[static_cast<std::int64_t>(low) * dim + d] * factor;
  }
};

struct Shards {
  ptc_cuda_shard shard[kMaxShards];
  std::int32_t first_entry[kMaxShards + 1];
  std::int32_t count;

  PTC_BOTH int of_entry(std::int32_t entry) const {
    int s = 0;
    while (entry >= first_entry[s + 1]) s++;
    return s;
  }
};

struct KeysOfShards {
  Shards shards;
  std::int32_t from, to;
  std::uint64_t* keys;

  PTC_BOTH void operator()(std::int64_t i) const {
    keys[i] = kNoEntry;
    if (i >= shards.first_entry[shards.count]) return;
    int s = shards.of_entry(static_cast<std::int32_t>(i));
    std::int64_t k = i - shards.first_entry[s];
    if (k >= *shards.shard[s].count) return;
    std::int32_t row = shards.shard[s].rows[k];
    if (row >= from && row < to) keys[i] = static_cast<std::uint64_t>(row) << 32 | static_cast<std::uint64_t>(i);
  }
};

// ((0+1)+(2+3))+((4+5)+(6+7)); what is not there is left out.
struct TreeSum {
  float value[kMaxShards];
  bool there[kMaxShards];

  PTC_BOTH TreeSum() {
    for (int s = 0; s < kMaxShards; s++) there[s] = false;
  }

  PTC_BOTH void put(int s, float x) {
    value[s] = x;
    there[s] = true;
  }

  PTC_BOTH float sum() {
    for (int width = kMaxShards / 2; width > 0; width /= 2) {
      for (int i = 0; i < width; i++) {
        bool left = there[2 * i], right = there[2 * i + 1];
        float a = left ? value[2 * i] : 0.0f, b = right ? value[2 * i + 1] : 0.0f;
        value[i] = left && right ? a + b : left ? a : b;
        there[i] = left || right;
      }
    }
    return value[0];
  }
};

struct SumShards {
  Shards shards;
  const std::uint64_t* keys;
  const std::int32_t* start;
  const std::int32_t* row_count;
  float* values;
  std::int64_t entries;
  std::int32_t dim;

  PTC_BOTH void operator()(std::int64_t i) const {
    std::int64_t row = i / dim, d = i % dim;
    if (row >= *row_count) return;
    TreeSum tree;
    std::int64_t first = start[row];
    for (std::int64_t k = first; k < entries && keys[k] >> 32 == keys[first] >> 32; k++) {
      auto entry = static_cast<std::int32_t>(keys[k] & 0xFFFFFFFFu);
      int s = shards.of_entry(entry);
      tree.put(s, shards.shard[s].values[static_cast<std::int64_t>(entry - shards.first_entry[s]) * dim + d]);
    }
    values[i] = tree.sum();
  }
};

struct DenseTree {
  const float* shard[kMaxShards];
  std::int32_t count;
  float* into;
  std::int64_t from;

  PTC_BOTH void operator()(std::int64_t i) const {
    TreeSum tree;
    for (int s = 0; s < count; s++) tree.put(s, shard[s][from + i]);
    into[from + i] = tree.sum();
  }
};

}  // namespace
}  // namespace partita::cuda

using partita::guarded;
using partita::require;

int64_t ptc_cuda_workspace_bytes(int32_t entries) {
  return partita::cuda::Workspace::bytes(entries > 0 ? entries : 1);
}

ptc_status ptc_cuda_row_gradient_build(void* stream, const int32_t* ids, int32_t id_count, const int32_t* offsets,
                                       int32_t texts, const float* d_pooled, int32_t dim, void* workspace,
                                       int32_t* rows, float* values, int32_t* row_count) {
  using namespace partita::cuda;
  return guarded([&] {
    require(id_count >= 0 && texts >= 1 && dim >= 1, "ptc_cuda_row_gradient_build: a size is wrong");
    Workspace w = Workspace::over(workspace, id_count > 0 ? id_count : 1);
    each(stream, w.padded, KeysOfIds{ids, id_count, w.keys});
    group_rows(stream, w, rows, row_count);
    each(stream, int64_t{id_count} * dim,
         SumShares{w.keys, w.start, row_count, offsets, d_pooled, values, id_count, texts, dim});
  });
}

ptc_status ptc_cuda_row_gradient_merge(void* stream, const ptc_cuda_shard* shards, int32_t shard_count, int32_t dim,
                                       int32_t from_row, int32_t to_row, void* workspace, int32_t* rows,
                                       float* values, int32_t* row_count) {
  using namespace partita::cuda;
  return guarded([&] {
    require(shard_count >= 1 && shard_count <= kMaxShards, "ptc_cuda_row_gradient_merge: shard_count must be 1 to 8");
    require(dim >= 1 && from_row >= 0 && from_row <= to_row, "ptc_cuda_row_gradient_merge: a size is wrong");
    Shards all{};
    all.count = shard_count;
    for (int s = 0; s < shard_count; s++) {
      all.shard[s] = shards[s];
      all.first_entry[s + 1] = all.first_entry[s] + shards[s].capacity;
    }
    int32_t entries = all.first_entry[shard_count];
    Workspace w = Workspace::over(workspace, entries > 0 ? entries : 1);
    each(stream, w.padded, KeysOfShards{all, from_row, to_row, w.keys});
    group_rows(stream, w, rows, row_count);
    each(stream, int64_t{entries} * dim, SumShards{all, w.keys, w.start, row_count, values, entries, dim});
  });
}

ptc_status ptc_cuda_dense_merge(void* stream, float* into, const float* const* shards, int32_t shard_count,
                                int64_t from, int64_t to) {
  using namespace partita::cuda;
  return guarded([&] {
    require(shard_count >= 1 && shard_count <= kMaxShards, "ptc_cuda_dense_merge: shard_count must be 1 to 8");
    require(from >= 0 && from <= to, "ptc_cuda_dense_merge: the range is not a range");
    DenseTree tree{};
    for (int s = 0; s < shard_count; s++) tree.shard[s] = shards[s];
    tree.count = shard_count;
    tree.into = into;
    tree.from = from;
    each(stream, to - from, tree);
  });
}
