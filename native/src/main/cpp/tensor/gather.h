// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Rows of whole cache lines by index, written past the cache. Unit: a row. Line by line with the copy a row that is next is
// asked for, and one that comes later into the second cache: the processor cannot guess either, and the first cache
// alone does not wait for enough lines at a time.
#pragma once

#include "lanes.h"

namespace partita {

struct GatherLines {
  static constexpr bool kByRow = true;
  static constexpr std::int64_t kFloatsAhead = 768, kFloatsFarAhead = 4608;
  const float* in;  // any bits
  const std::int64_t* index;
  float* out;
  std::int64_t row_floats, count;
  std::int64_t bytes_per_row() const { return 8 * row_floats; }

  // The row that is wanted `floats` after row k. Always inline: no function outside PTC_ISA for all instruction sets.
  PTC_INLINE const float* row_after(std::int64_t k, std::int64_t floats) const {
    const std::int64_t rows = floats / row_floats > 1 ? floats / row_floats : 1;
    return in + index[k + rows < count ? k + rows : count - 1] * row_floats;
  }
};

inline namespace PTC_ISA {

template <typename M>
PTC_INLINE inline void row(const M& machine, const GatherLines& w, std::int64_t k) {
  const float* in = w.in + w.index[k] * w.row_floats;
  const float* soon = w.row_after(k, GatherLines::kFloatsAhead);
  const float* later = w.row_after(k, GatherLines::kFloatsFarAhead);
  float* out = w.out + k * w.row_floats;
  machine.each(w.row_floats, [&](auto i) PTC_INLINE {
    machine.ahead(soon, i);
    machine.far_ahead(later, i);
    store(out, i, load(in, i), true);
  });
}

}  // namespace PTC_ISA
}  // namespace partita
