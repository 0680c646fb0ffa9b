// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The CUDA twins of the tensor kernels against the core, bit for bit; built twice, like cuda_twin_test.cpp.
#include "device.h"
#include "partita_cuda_tensor.h"
#include "tensors.h"
#include "twin_cases.h"

namespace {

using namespace partita::tests;

TEST("every tensor kernel has a twin of the same bits, " PTC_PLACE) {
  if (no_device()) return;
  for (std::int32_t dtype : kDtypes) {
    for (std::int64_t count : {1500, 50001}) {
      for_twin_cases(count, dtype, 17, [&](const TwinCase& twin) {
        CHECK_OK(twin.on_cpu());
        CHECK_OK(twin.on_gpu(nullptr));
        finish();
        if (!twin.same()) fail(__FILE__, __LINE__, twin.name + " of dtype " + std::to_string(dtype) + " differs");
      });
    }
  }
}

TEST("what the host cannot check makes NaN or is counted, " PTC_PLACE) {
  if (no_device()) return;
  std::vector<float> x(12, 1.0f), y(12);
  Device<float> in(x), out(y), losses(3);
  Device<std::int64_t> labels(std::vector<std::int64_t>{0, 4, -2});
  CHECK_OK(ptc_cuda_softmax_cross_entropy(nullptr, PTC_FLOAT32, in.data(), labels.data(), 3, 4, 1, losses.data(),
                                          out.data()));
  finish();
  CHECK(!std::isnan(losses.data()[0]) && std::isnan(losses.data()[1]) && std::isnan(losses.data()[2]));
  CHECK(!std::isnan(out.data()[3]) && std::isnan(out.data()[4]) && std::isnan(out.data()[11]));

  Device<std::int32_t> ids(std::vector<std::int32_t>{0, 3, -1, 1}), offsets(std::vector<std::int32_t>{0, 1, 2, 4});
  CHECK_OK(ptc_cuda_embedding_bag(nullptr, PTC_FLOAT32, in.data(), 3, 4, ids.data(), 4, offsets.data(), 3,
                                  PTC_BAG_SUM, out.data()));
  finish();
  CHECK(out.data()[0] == 1 && std::isnan(out.data()[4]) && std::isnan(out.data()[8]));

  Device<std::int32_t> positions(std::vector<std::int32_t>{1, 2, -1});
  Device<float> table(std::vector<float>(8, 0.5f));
  CHECK_OK(ptc_cuda_rotary(nullptr, PTC_FLOAT32, PTC_ROTARY_HALVES, 0, in.data(), positions.data(), 3, 1, 4,
                           table.data(), 2, out.data()));
  finish();
  CHECK(!std::isnan(out.data()[0]) && std::isnan(out.data()[4]) && std::isnan(out.data()[8]));

  Device<std::int64_t> index(std::vector<std::int64_t>{2, 3, -1});
  Device<std::int32_t> refused(1);
  CHECK_OK(ptc_cuda_gather_rows(nullptr, in.data(), 3, 16, index.data(), 3, out.data(), refused.data()));
  finish();
  CHECK(refused.data()[0] == 2 && out.data()[0] == 1 && out.data()[4] == 0 && out.data()[11] == 0);
}

}  // namespace
