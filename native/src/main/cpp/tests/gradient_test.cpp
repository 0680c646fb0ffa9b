// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstring>
#include <map>
#include <memory>

#include "check.h"
#include "feature_batch.h"
#include "row_gradient.h"

namespace {

using namespace partita::tests;

struct Rows {
  std::vector<std::int32_t> rows;
  std::vector<float> values;
};

Rows content(const ptc_row_gradient& gradient) {
  const std::int32_t* rows = ptc_row_gradient_rows(&gradient);
  const float* values = ptc_row_gradient_values(&gradient);
  std::size_t count = ptc_row_gradient_count(&gradient);
  return {{rows, rows + count}, {values, values + count * gradient.dim}};
}

void random_batch(ptc_features& features, int texts, int buckets, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::int32_t> ids;
  auto* offsets = features.offsets.at_least(texts + 1);
  offsets[0] = 0;
  for (int i = 0; i < texts; i++) {
    for (auto n = random() % 30; n > 0; n--) ids.push_back(static_cast<std::int32_t>(random() % buckets));
    offsets[i + 1] = static_cast<std::int32_t>(ids.size());
  }
  std::copy(ids.begin(), ids.end(), features.ids.at_least(ids.size()));
  features.size = texts;
  features.count = static_cast<std::int32_t>(ids.size());
}

TEST("a row's gradient is the sum of its bags' shares") {
  for (int dim : {1, 7, 64, 100}) {
    for (int buckets : {3, 500, 1 << 20}) {
      ptc_features features;
      random_batch(features, 64, buckets, 5);
      auto d_pooled = random_floats(64 * dim, 6);
      std::map<int, std::vector<double>> expected;
      for (int bag = 0; bag < 64; bag++) {
        int from = features.offsets.data()[bag], to = features.offsets.data()[bag + 1];
        for (int i = from; i < to; i++) {
          auto& row = expected[features.ids.data()[i]];
          row.resize(dim);
          for (int d = 0; d < dim; d++) row[d] += d_pooled[bag * dim + d] / static_cast<double>(to - from);
        }
      }
      Rows first;
      on_every_cpu([&] {
        ptc_row_gradient gradient(dim);
        CHECK_OK(ptc_row_gradient_build(&gradient, &features, d_pooled.data()));
        Rows got = content(gradient);
        CHECK(got.rows.size() == expected.size());
        std::size_t at = 0;
        for (const auto& [row, values] : expected) {
          CHECK(got.rows[at] == row);
          for (int d = 0; d < dim; d++) CHECK(std::fabs(got.values[at * dim + d] - values[d]) < 1e-4);
          at++;
        }
        if (first.rows.empty()) first = got;
        CHECK(same_bits(first.values, got.values));  // scalar and AVX2
      });
    }
  }
}

TEST("a merge has the same bits however the rows are divided") {
  constexpr int kDim = 20, kBuckets = 400;
  std::vector<std::unique_ptr<ptc_row_gradient>> shards;
  std::vector<const ptc_row_gradient*> handles;
  for (unsigned s = 0; s < 8; s++) {
    ptc_features features;
    random_batch(features, 16, kBuckets, 20 + s);
    auto d_pooled = random_floats(16 * kDim, 40 + s);
    shards.push_back(std::make_unique<ptc_row_gradient>(kDim));
    CHECK_OK(ptc_row_gradient_build(shards.back().get(), &features, d_pooled.data()));
    handles.push_back(shards.back().get());
  }
  on_every_cpu([&] {
    ptc_row_gradient whole(kDim);
    CHECK_OK(ptc_row_gradient_merge(&whole, handles.data(), 8, 0, kBuckets));
    Rows expected = content(whole);
    for (int ranks : {2, 3, 4, 8}) {
      Rows joined;
      for (int rank = 0; rank < ranks; rank++) {
        ptc_row_gradient part(kDim);
        CHECK_OK(ptc_row_gradient_merge(&part, handles.data(), 8, kBuckets * rank / ranks,
                                        kBuckets * (rank + 1) / ranks));
        Rows got = content(part);
        joined.rows.insert(joined.rows.end(), got.rows.begin(), got.rows.end());
        joined.values.insert(joined.values.end(), got.values.begin(), got.values.end());
      }
      CHECK(joined.rows == expected.rows);
      CHECK(same_bits(joined.values, expected.values));
    }
  });
}

TEST("the tree is ((0+1)+(2+3))+((4+5)+(6+7)), for rows and for dense gradients") {
  constexpr int kDim = 3;
  auto values = random_floats(8 * kDim, 3);
  std::vector<std::unique_ptr<ptc_row_gradient>> shards;
  std::vector<const ptc_row_gradient*> handles;
  std::vector<const float*> dense;
  for (int s = 0; s < 8; s++) {
    auto shard = std::make_unique<ptc_row_gradient>(kDim);
    shard->rows.at_least(1)[0] = 5;
    std::copy_n(&values[s * kDim], kDim, shard->values.at_least(kDim));
    shard->count = 1;
    handles.push_back(shard.get());
    dense.push_back(&values[s * kDim]);
    shards.push_back(std::move(shard));
  }
  auto x = [&](int s, int d) { return values[s * kDim + d]; };
  ptc_row_gradient merged(kDim);
  float sum[kDim];
  for (int count : {8, 5, 1}) {
    CHECK_OK(ptc_row_gradient_merge(&merged, handles.data(), count, 0, 10));
    CHECK_OK(ptc_dense_merge(sum, dense.data(), count, 0, kDim));
    CHECK(merged.count == 1 && merged.rows.data()[0] == 5);
    for (int d = 0; d < kDim; d++) {
      float expected = x(0, d);
      if (count == 5) expected = ((x(0, d) + x(1, d)) + (x(2, d) + x(3, d))) + x(4, d);
      if (count == 8) {
        expected = ((x(0, d) + x(1, d)) + (x(2, d) + x(3, d))) + ((x(4, d) + x(5, d)) + (x(6, d) + x(7, d)));
      }
      CHECK(merged.values.data()[d] == expected && sum[d] == expected);
    }
  }
  CHECK_OK(ptc_row_gradient_merge(&merged, handles.data(), 8, 6, 10));
  CHECK(merged.count == 0);
}

TEST("rows that were handed over are the same rows") {
  constexpr int kDim = 5;
  const std::int32_t rows[] = {0, 3, 9};
  auto values = random_floats(3 * kDim, 8);
  values[0] = -0.0F;
  ptc_row_gradient gradient(kDim);
  CHECK_OK(ptc_row_gradient_assign(&gradient, rows, values.data(), 3, 10));
  Rows got = content(gradient);
  CHECK(got.rows == std::vector<std::int32_t>(rows, rows + 3));
  CHECK(std::memcmp(got.values.data(), values.data(), values.size() * sizeof(float)) == 0);
  CHECK(ptc_row_gradient_assign(&gradient, rows, values.data(), 3, 9) == PTC_INVALID_ARGUMENT);
  const std::int32_t twice[] = {1, 1};
  CHECK(ptc_row_gradient_assign(&gradient, twice, values.data(), 2, 10) == PTC_INVALID_ARGUMENT);
  const std::int32_t negative[] = {-1};
  CHECK(ptc_row_gradient_assign(&gradient, negative, values.data(), 1, 10) == PTC_INVALID_ARGUMENT);
  CHECK(content(gradient).rows == got.rows);
  CHECK_OK(ptc_row_gradient_assign(&gradient, nullptr, nullptr, 0, 10));
  CHECK(gradient.count == 0);
}

TEST("a dense merge has the same bits for any slices") {
  constexpr std::int64_t kCount = 5000;
  std::vector<std::vector<float>> shards;
  std::vector<const float*> pointers;
  for (unsigned s = 0; s < 8; s++) shards.push_back(random_floats(kCount, s));
  for (auto& shard : shards) pointers.push_back(shard.data());
  std::vector<float> whole(kCount), parts(kCount);
  CHECK_OK(ptc_dense_merge(whole.data(), pointers.data(), 8, 0, kCount));
  on_every_cpu([&] {
    for (int ranks : {1, 2, 4, 7}) {
      for (int r = 0; r < ranks; r++) {
        CHECK_OK(ptc_dense_merge(parts.data(), pointers.data(), 8, kCount * r / ranks, kCount * (r + 1) / ranks));
      }
      CHECK(same_bits(whole, parts));
    }
  });
}

TEST("wrong shards are refused") {
  ptc_row_gradient a(4), b(5);
  const ptc_row_gradient* shards[] = {&b};
  CHECK(ptc_row_gradient_merge(&a, shards, 1, 0, 1) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_row_gradient_merge(&a, shards, 9, 0, 1) == PTC_INVALID_ARGUMENT);
  shards[0] = &a;
  CHECK(ptc_row_gradient_merge(&a, shards, 1, 0, 1) == PTC_INVALID_ARGUMENT);
}

}  // namespace
