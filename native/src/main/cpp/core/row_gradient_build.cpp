// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The backward pass of mean pooling. For every (row, bag) of the batch the row gets
// d_pooled[bag] / length(bag); rows are brought together by a stable radix sort, so that a row's
// summands come in the order of the texts.  O(ids * dim), one pass over the values.
#include <cstring>
#include <utility>

#include "feature_batch.h"
#include "float_kernels.h"
#include "row_gradient.h"
#include "status.h"

namespace partita {
namespace {

using Entry = ptc_row_gradient::Entry;

constexpr int kDigitBits = 9;
constexpr int kDigits = 1 << kDigitBits;

// Sorts by row, keeping the order of equal rows; returns where the result is.
const Entry* radix_sort(Entry* from, Entry* to, std::int32_t count, std::int32_t largest_row) {
  for (int shift = 0; shift < 31 && (largest_row >> shift) > 0; shift += kDigitBits) {
    std::int32_t starts[kDigits] = {};
    for (std::int32_t i = 0; i < count; i++) starts[(from[i].row >> shift) & (kDigits - 1)]++;
    std::int32_t next = 0;
    for (std::int32_t& start : starts) next += std::exchange(start, next);
    for (std::int32_t i = 0; i < count; i++) to[starts[(from[i].row >> shift) & (kDigits - 1)]++] = from[i];
    std::swap(from, to);
  }
  return from;
}

void build(ptc_row_gradient& into, const ptc_features& features, const float* d_pooled) {
  const FloatKernels& kernels = float_kernels();
  const std::int64_t dim = into.dim;
  const std::int32_t count = features.count;
  const std::int32_t* ids = features.ids.data();
  const std::int32_t* offsets = features.offsets.data();
  into.count = 0;

  Entry* entries = into.entries.at_least(count);
  Entry* spare = into.sorted.at_least(count);
  float* scaled = into.scaled.at_least(static_cast<std::size_t>(features.size) * dim);
  std::int32_t largest = 0;
  for (std::int32_t bag = 0; bag < features.size; bag++) {
    std::int32_t begin = offsets[bag], end = offsets[bag + 1];
    if (begin == end) continue;
    kernels.scale(scaled + bag * dim, d_pooled + bag * dim, 1.0f / static_cast<float>(end - begin), dim);
    for (std::int32_t i = begin; i < end; i++) {
      entries[i] = Entry{ids[i], bag};
      largest |= ids[i];
    }
  }
  const Entry* sorted = radix_sort(entries, spare, count, largest);

  std::int32_t* rows = into.rows.at_least(count);
  const float** sources = into.sources.at_least(count);
  std::int32_t unique = 0;
  for (std::int32_t i = 0; i < count; i++) {
    unique += i == 0 || sorted[i].row != sorted[i - 1].row ? 1 : 0;
    sources[i] = scaled + sorted[i].bag * dim;
  }
  float* values = into.values.at_least(static_cast<std::size_t>(unique) * dim);
  std::int32_t row = 0;
  for (std::int32_t i = 0; i < count;) {
    std::int32_t next = i + 1;
    while (next < count && sorted[next].row == sorted[i].row) next++;
    rows[row] = sorted[i].row;
    kernels.sum(values + row * dim, sources + i, next - i, dim);
    row++;
    i = next;
  }
  into.count = unique;
}

}  // namespace
}  // namespace partita

using partita::guarded;
using partita::require;

ptc_status ptc_row_gradient_create(int32_t dim, ptc_row_gradient** out) {
  return guarded([&] {
    require(out != nullptr, "ptc_row_gradient_create: out is null");
    require(dim >= 1 && dim <= 65536, "ptc_row_gradient_create: dim must be 1 to 65536");
    *out = new ptc_row_gradient(dim);
  });
}

void ptc_row_gradient_destroy(ptc_row_gradient* gradient) { delete gradient; }

ptc_status ptc_row_gradient_build(ptc_row_gradient* into, const ptc_features* features,
                                  const float* d_pooled) {
  return guarded([&] {
    require(into != nullptr && features != nullptr, "ptc_row_gradient_build: a handle is null");
    require(features->size == 0 || d_pooled != nullptr, "ptc_row_gradient_build: d_pooled is null");
    partita::build(*into, *features, d_pooled);
  });
}

int32_t ptc_row_gradient_count(const ptc_row_gradient* gradient) { return gradient->count; }
const int32_t* ptc_row_gradient_rows(const ptc_row_gradient* gradient) { return gradient->rows.data(); }
const float* ptc_row_gradient_values(const ptc_row_gradient* gradient) { return gradient->values.data(); }
