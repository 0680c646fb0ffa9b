// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The CUDA twins against the core, bit for bit. Built twice: with the twins as plain C++, where "device"
// memory is the heap, and (PTC_ON_GPU) against the real library, where it is managed memory.
#include <memory>

#include "device.h"
#include "feature_batch.h"
#include "partita_cuda.h"
#include "row_gradient.h"

namespace {

using namespace partita::tests;

constexpr int kDim = 20, kTexts = 48, kShards = 8;

std::vector<std::string> texts(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::string> all;
  for (int i = 0; i < kTexts; i++) {
    std::string text;
    for (auto n = random() % 12; n > 0; n--) {
      text += "w" + std::to_string(random() % 90) + (random() % 5 == 0 ? " Äpfel\xFF" : " ");
    }
    all.push_back(text);
  }
  return all;
}

// One micro-shard on the CPU, and what the twin made of the same texts.
struct Shard {
  ptc_features features;
  ptc_row_gradient gradient{kDim};
  std::unique_ptr<Device<std::int32_t>> rows, count;
  std::unique_ptr<Device<float>> values;
};

void featurize_on_cpu(const std::vector<std::string>& all, ptc_features& into) {
  ptc_featurizer* featurizer = nullptr;
  CHECK_OK(ptc_featurizer_create(1 << 10, 1, &featurizer));
  std::vector<std::int64_t> addresses;
  std::vector<std::int32_t> lengths;
  for (const auto& text : all) {
    addresses.push_back(reinterpret_cast<std::int64_t>(text.data()));
    lengths.push_back(static_cast<std::int32_t>(text.size()));
  }
  CHECK_OK(ptc_featurize(featurizer, kTexts, addresses.data(), lengths.data(), 60000, &into));
  ptc_featurizer_destroy(featurizer);
}

std::unique_ptr<Shard> shard(unsigned seed) {
  auto result = std::make_unique<Shard>();
  featurize_on_cpu(texts(seed), result->features);
  std::int32_t ids = result->features.count;
  auto d_pooled = random_floats(kTexts * kDim, seed);
  CHECK_OK(ptc_row_gradient_build(&result->gradient, &result->features, d_pooled.data()));

  Device<std::int32_t> device_ids(result->features.ids.data(), ids);
  Device<std::int32_t> offsets(result->features.offsets.data(), kTexts + 1);
  Device<float> device_pooled(d_pooled);
  Device<char> workspace(ptc_cuda_workspace_bytes(ids));
  result->rows = std::make_unique<Device<std::int32_t>>(ids);
  result->count = std::make_unique<Device<std::int32_t>>(1);
  result->values = std::make_unique<Device<float>>(ids * kDim);
  CHECK_OK(ptc_cuda_row_gradient_build(nullptr, device_ids.data(), ids, offsets.data(), kTexts,
                                       device_pooled.data(), kDim, workspace.data(), result->rows->data(),
                                       result->values->data(), result->count->data()));
  finish();
  return result;
}

void check_same(const ptc_row_gradient& expected, Device<std::int32_t>& rows, Device<float>& values,
                Device<std::int32_t>& count) {
  std::size_t n = expected.count;
  CHECK(count.data()[0] == expected.count);
  CHECK(same_bits(rows.copy(n), {expected.rows.data(), expected.rows.data() + n}));
  CHECK(same_bits(values.copy(n * kDim), {expected.values.data(), expected.values.data() + n * kDim}));
}

TEST("the featurizer's twin equals it, " PTC_PLACE) {
  if (no_device()) return;
  auto all = texts(1);
  ptc_features expected;
  featurize_on_cpu(all, expected);
  std::string joined;
  std::vector<std::int64_t> starts{0};
  for (const auto& text : all) {
    joined += text;
    starts.push_back(static_cast<std::int64_t>(joined.size()));
  }
  Device<std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(joined.data()), joined.size());
  Device<std::int64_t> byte_offsets(starts);
  std::size_t room = joined.size() + kTexts + 1;
  Device<std::int32_t> scratch(room), ids(room), offsets(kTexts + 1);
  CHECK_OK(ptc_cuda_featurize(nullptr, 10, kTexts, bytes.data(), byte_offsets.data(),
                              static_cast<int>(joined.size()), scratch.data(), ids.data(), offsets.data()));
  finish();
  CHECK(same_bits(offsets.copy(), {expected.offsets.data(), expected.offsets.data() + kTexts + 1}));
  CHECK(same_bits(ids.copy(expected.count), {expected.ids.data(), expected.ids.data() + expected.count}));
}

TEST("build and merge of rows have twins of the same bits, " PTC_PLACE) {
  if (no_device()) return;
  std::vector<std::unique_ptr<Shard>> shards;
  std::vector<const ptc_row_gradient*> handles;
  std::vector<ptc_cuda_shard> device_shards;
  std::int32_t capacity = 0;
  for (unsigned s = 0; s < kShards; s++) {
    shards.push_back(shard(10 + s));
    Shard& made = *shards.back();
    check_same(made.gradient, *made.rows, *made.values, *made.count);
    handles.push_back(&made.gradient);
    device_shards.push_back({made.rows->data(), made.values->data(), made.count->data(), made.features.count});
    capacity += made.features.count;
  }
  Device<char> workspace(ptc_cuda_workspace_bytes(capacity));
  Device<std::int32_t> rows(capacity), count(1);
  Device<float> values(capacity * kDim);
  for (int shard_count : {8, 3, 1}) {
    for (auto [from, to] : {std::pair(0, 1 << 10), std::pair(300, 700), std::pair(5, 5)}) {
      ptc_row_gradient expected(kDim);
      CHECK_OK(ptc_row_gradient_merge(&expected, handles.data(), shard_count, from, to));
      CHECK_OK(ptc_cuda_row_gradient_merge(nullptr, device_shards.data(), shard_count, kDim, from, to,
                                           workspace.data(), rows.data(), values.data(), count.data()));
      finish();
      check_same(expected, rows, values, count);
    }
  }
}

TEST("the dense merge has a twin of the same bits, " PTC_PLACE) {
  if (no_device()) return;
  constexpr std::int64_t kCount = 3000;
  std::vector<std::vector<float>> shards;
  std::vector<std::unique_ptr<Device<float>>> devices;
  std::vector<const float*> host, device;
  for (unsigned s = 0; s < kShards; s++) {
    shards.push_back(random_floats(kCount, s));
    devices.push_back(std::make_unique<Device<float>>(shards.back()));
    host.push_back(shards.back().data());
    device.push_back(devices.back()->data());
  }
  std::vector<float> expected(kCount);
  Device<float> got(kCount);
  for (int count : {8, 6, 1}) {
    CHECK_OK(ptc_dense_merge(expected.data(), host.data(), count, 100, kCount));
    CHECK_OK(ptc_cuda_dense_merge(nullptr, got.data(), device.data(), count, 100, kCount));
    finish();
    CHECK(same_bits(got.copy(), expected));
  }
}

TEST("both AdamW have twins of the same bits, " PTC_PLACE) {
  if (no_device()) return;
  constexpr int kRows = 1 << 10;
  auto gradient = shard(99);
  auto start = random_floats(kRows * kDim, 5);
  std::vector<float> w = start, m(kRows * kDim), v(kRows * kDim);
  Device<float> dw(start), dm(m), dv(v), sizes(gradient->features.count);
  auto dense = random_floats(kRows * kDim, 6);
  Device<float> device_dense(dense);
  for (int t = 1; t <= 5; t++) {
    CHECK_OK(ptc_rowwise_adamw(w.data(), m.data(), v.data(), kRows, &gradient->gradient, 0.02f, 0.9f, 0.999f, 1e-8f,
                               0.01f, t));
    CHECK_OK(ptc_dense_adamw(w.data(), m.data(), v.data(), dense.data(), kRows * kDim, 0.02f, 0.9f, 0.999f, 1e-8f,
                             0.01f, t));
    CHECK_OK(ptc_cuda_rowwise_adamw(nullptr, dw.data(), dm.data(), dv.data(), gradient->rows->data(),
                                    gradient->values->data(), gradient->count->data(), gradient->features.count,
                                    kDim, sizes.data(), 0.02f, 0.9f, 0.999f, 1e-8f, 0.01f, t));
    CHECK_OK(ptc_cuda_dense_adamw(nullptr, dw.data(), dm.data(), dv.data(), device_dense.data(), kRows * kDim,
                                  0.02f, 0.9f, 0.999f, 1e-8f, 0.01f, t));
  }
  finish();
  CHECK(same_bits(dw.copy(), w) && same_bits(dm.copy(), m) && same_bits(dv.copy(), v));
}

}  // namespace
