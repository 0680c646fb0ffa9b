// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The backward pass of sum and mean pooling. For every (row, bag) of the batch the row gets d_pooled[bag],
// for the mean divided by length(bag); rows are brought together by a stable radix sort, so that a row's
// summands come in the order of the texts.  O(ids * dim), one pass over the values.
#include <algorithm>
#include <cstring>
#include <utility>

#include "feature_batch.h"
#include "float_kernels.h"
#include "row_gradient.h"
#include "bags.h"
#include "partita_tensor.h"
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

struct Bags {
  const std::int32_t* ids;
  const std::int32_t* offsets;
  std::int32_t size;  // of bags
  std::int32_t count;  // of ids
  bool mean;
};

void build(ptc_row_gradient& into, const Bags& bags, const float* d_pooled) {
  const FloatKernels& kernels = float_kernels();
  const std::int64_t dim = into.dim;
  const std::int32_t count = bags.count;
  const std::int32_t* ids = bags.ids;
  const std::int32_t* offsets = bags.offsets;
  into.count = 0;

  Entry* entries = into.entries.at_least(count);
  Entry* spare = into.sorted.at_least(count);
  float* scaled = into.scaled.at_least(static_cast<std::size_t>(bags.size) * dim);
  std::int32_t largest = 0;
  for (std::int32_t bag = 0; bag < bags.size; bag++) {
    std::int32_t begin = offsets[bag], end = offsets[bag + 1];
    if (begin == end) continue;
    float factor = bags.mean ? 1.0f / static_cast<float>(end - begin) : 1.0f;
    kernels.scale(scaled + bag * dim, d_pooled + bag * dim, factor, dim);
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
    partita::build(*into,
                   {features->ids.data(), features->offsets.data(), features->size, features->count, true}, d_pooled);
  });
}

ptc_status ptc_embedding_bag_backward(const float* d_out, const int32_t* ids, int32_t id_count,
                                      const int32_t* offsets, int32_t bags, int32_t mode, ptc_row_gradient* into) {
  return guarded([&] {
    require(into != nullptr, "ptc_embedding_bag_backward: into is null");
    require(bags >= 0 && id_count >= 0, "embedding_bag: bags or id_count is negative");
    require(bags == 0 || (d_out != nullptr && offsets != nullptr), "embedding_bag: offsets or d_out is null");
    require(id_count == 0 || ids != nullptr, "embedding_bag: ids is null");
    require(mode == PTC_BAG_SUM || mode == PTC_BAG_MEAN, "embedding_bag: mode must be PTC_BAG_SUM or PTC_BAG_MEAN");
    if (bags > 0) partita::require_bags(ids, id_count, offsets, bags, std::int64_t{1} << 31);
    partita::build(*into, {ids, offsets, bags, bags > 0 ? id_count : 0, mode == PTC_BAG_MEAN}, d_out);
  });
}

ptc_status ptc_row_gradient_assign(ptc_row_gradient* into, const int32_t* rows, const float* values, int32_t count,
                                   int32_t row_limit) {
  return guarded([&] {
    require(into != nullptr && count >= 0, "ptc_row_gradient_assign: into is null or count negative");
    require(count == 0 || (rows != nullptr && values != nullptr), "ptc_row_gradient_assign: a pointer is null");
    for (int32_t i = 0; i < count; i++) {
      require(rows[i] > (i == 0 ? -1 : rows[i - 1]) && rows[i] < row_limit,
              "ptc_row_gradient_assign: the rows are not sorted, unique and below row_limit");
    }
    const std::size_t floats = static_cast<std::size_t>(count) * into->dim;
    std::copy_n(rows, count, into->rows.at_least(count));
    std::copy_n(values, floats, into->values.at_least(floats));
    into->count = count;
  });
}

int32_t ptc_row_gradient_count(const ptc_row_gradient* gradient) { return gradient->count; }
const int32_t* ptc_row_gradient_rows(const ptc_row_gradient* gradient) { return gradient->rows.data(); }
const float* ptc_row_gradient_values(const ptc_row_gradient* gradient) { return gradient->values.data(); }
