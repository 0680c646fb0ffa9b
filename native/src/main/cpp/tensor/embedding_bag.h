// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Sums of embedding rows. Unit: a bag.  O(ids * dim); with each row one that comes later is asked for, because they
// lie anywhere in hundreds of megabytes.
#pragma once

#include "lanes.h"

namespace partita {

// As many rows of 256 bytes as memory answers at a time, and some more.
constexpr std::int32_t kIdsAhead = 32;

template <typename T>
struct EmbeddingBag {
  static constexpr bool kByRow = true;
  const T* weight;
  const std::int32_t* ids;
  const std::int32_t* offsets;
  float* out;
  std::int64_t rows, dim;
  std::int32_t bags;
  bool mean;
  std::int64_t bytes_per_row() const { return 16 * dim * static_cast<std::int64_t>(sizeof(T)); }
};

inline namespace PTC_ISA {

template <typename M, typename T>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const EmbeddingBag<T>& w, std::int64_t bag) {
  const std::int32_t begin = w.offsets[bag], end = w.offsets[bag + 1];
  const std::int32_t last = w.offsets[w.bags] - 1;
  float* out = w.out + bag * w.dim;
  const float factor = w.mean && end > begin ? 1.0f / static_cast<float>(end - begin) : 1.0f;
  machine.each_four(w.dim, [&](auto i) PTC_INLINE {
    using V = decltype(load(out, i));
    V sum(0.0f);
    for (std::int32_t k = begin; k < end; k++) {
      const std::int64_t later = w.ids[last - k < kIdsAhead ? last : k + kIdsAhead];
      machine.ahead(w.weight + later * w.dim, i);
      const std::int64_t id = w.ids[k];
      // Only on the GPU can an id be wrong: the host checks before.
      V value = id >= 0 && id < w.rows ? load(w.weight + id * w.dim, i) : V(float_of(0x7FC00000u));
      sum = k == begin ? value : sum + value;
    }
    store(out, i, sum * factor);
  });
}

}  // namespace PTC_ISA
}  // namespace partita
