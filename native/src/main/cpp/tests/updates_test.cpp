// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "partita_optimizer.h"
#include "tensors.h"

namespace {

using namespace partita;
using namespace partita::tests;

// Tensors of odd sizes, an empty one, more than one launch holds, one with several chunks.
struct Model {
  explicit Model(std::int32_t gradient_dtype, float gradient_size = 1) {
    std::vector<std::int64_t> sizes = {1, 0, 7, 40001, 8, 33};
    for (int i = 0; i < 60; i++) sizes.push_back(i % 5);
    unsigned seed = 1;
    for (std::int64_t n : sizes) {
      weight.push_back(random_floats(n, seed++));
      m.emplace_back(n);
      v.emplace_back(n);
      copy.emplace_back(n);
      auto g = random_floats(n, seed++);
      for (float& x : g) x *= gradient_size;
      gradient.emplace_back(gradient_dtype, g);
    }
    for (std::size_t k = 0; k < sizes.size(); k++) {
      updates.push_back({weight[k].data(), m[k].data(), v[k].data(), gradient[k].data(),
                         k % 2 == 0 ? copy[k].data() : nullptr, sizes[k], gradient_dtype,
                         k % 3 == 0 ? 0.0f : 0.01f});
    }
  }
  std::int32_t count() const { return static_cast<std::int32_t>(updates.size()); }
  bool same_as(const Model& other) const {
    for (std::size_t k = 0; k < weight.size(); k++) {
      if (!same_bits(weight[k], other.weight[k]) || !same_bits(m[k], other.m[k]) || !same_bits(v[k], other.v[k]) ||
          !same_bits(copy[k], other.copy[k])) {
        return false;
      }
    }
    return true;
  }

  std::vector<std::vector<float>> weight, m, v;
  std::vector<std::vector<std::uint16_t>> copy;
  std::vector<Stored> gradient;
  std::vector<ptc_update> updates;
};

void check_copies(const Model& model) {
  for (std::size_t k = 0; k < model.weight.size(); k += 2) {
    for (std::size_t i = 0; i < model.weight[k].size(); i++) {
      CHECK(model.copy[k][i] == to_bfloat16(model.weight[k][i]).bits);
    }
  }
}

TEST("fused AdamW follows the paper over many tensors, with one set of bits") {
  for (std::int32_t dtype : kDtypes) {
    Model first(dtype);
    bool ran = false;
    on_every_cpu_and_pool([&](ptc_pool* pool) {
      Model model(dtype);
      float factor = 0.25f;
      for (int t = 1; t <= 3; t++) {
        CHECK_OK(ptc_adamw_step(pool, model.updates.data(), model.count(), &factor, 0.02f, 0.9f, 0.999f, 1e-8f, t));
      }
      check_copies(model);
      if (ran) {
        CHECK(model.same_as(first));
        return;
      }
      Model start(dtype);
      for (std::size_t k = 0; k < model.weight.size(); k++) {
        for (std::size_t i = 0; i < model.weight[k].size(); i++) {
          double w = start.weight[k][i], m = 0, v = 0, g = 0.25 * start.gradient[k][i];
          for (int t = 1; t <= 3; t++) {
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            w = w * (1 - 0.02 * static_cast<double>(model.updates[k].weight_decay)) -
                0.02 * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
          }
          CHECK(near(model.weight[k][i], w, 1e-6, 2e-6) && near(model.m[k][i], m, 1e-6, 1e-9));
        }
      }
      first = model;
      ran = true;
    });
  }
}

TEST("fused AdamW has the bits of the dense one") {
  Model model(PTC_FLOAT32);
  Model dense(PTC_FLOAT32);
  for (int t = 1; t <= 4; t++) {
    CHECK_OK(ptc_adamw_step(nullptr, &model.updates[3], 1, nullptr, 0.02f, 0.9f, 0.999f, 1e-8f, t));
    CHECK_OK(ptc_dense_adamw(dense.weight[3].data(), dense.m[3].data(), dense.v[3].data(),
                             static_cast<const float*>(dense.gradient[3].data()), 40001, 0.02f, 0.9f, 0.999f, 1e-8f,
                             dense.updates[3].weight_decay, t));
  }
  CHECK(same_bits(model.weight[3], dense.weight[3]) && same_bits(model.v[3], dense.v[3]));
}

TEST("SGD with and without momentum and Nesterov's look ahead follows its definition") {
  for (float momentum : {0.0f, 0.9f}) {
    for (int nesterov : {0, 1}) {
      Model first(PTC_BFLOAT16);
      bool ran = false;
      on_every_cpu_and_pool([&](ptc_pool* pool) {
        Model model(PTC_BFLOAT16);
        if (momentum == 0) {
          for (auto& u : model.updates) u.m = nullptr;
        }
        for (int t = 1; t <= 3; t++) {
          CHECK_OK(ptc_sgd_step(pool, model.updates.data(), model.count(), nullptr, 0.1f, momentum, nesterov));
        }
        check_copies(model);
        if (ran) {
          CHECK(model.same_as(first));
          return;
        }
        Model start(PTC_BFLOAT16);
        for (std::size_t k = 0; k < model.weight.size(); k++) {
          for (std::size_t i = 0; i < model.weight[k].size(); i++) {
            double w = start.weight[k][i], m = 0, g = start.gradient[k][i], mu = momentum;
            for (int t = 0; t < 3; t++) {
              m = mu * m + g;
              w = w * (1 - 0.1 * static_cast<double>(model.updates[k].weight_decay)) -
                  0.1 * (nesterov != 0 ? g + mu * m : m);
            }
            CHECK(near(model.weight[k][i], w, 1e-6, 1e-6));
          }
        }
        first = model;
        ran = true;
      });
    }
  }
}

TEST("the sum of squares is that of double, for huge and tiny gradients, whatever the threads") {
  for (float size : {1.0f, 1e30f, 1e-30f}) {
    Model model(PTC_FLOAT32, size);
    double expected = 0;
    for (const auto& g : model.gradient) {
      for (std::size_t i = 0; i < g.size(); i++) expected += static_cast<double>(g[i]) * g[i];
    }
    double first = 0;
    on_every_cpu_and_pool([&](ptc_pool* pool) {
      double sum = -1;
      CHECK_OK(ptc_gradient_square_sum(pool, model.updates.data(), model.count(), &sum));
      CHECK(near(sum, expected, 1e-12, 0));
      if (first == 0) first = sum;
      CHECK(sum == first);
    });
  }
  double none = -1;
  CHECK_OK(ptc_gradient_square_sum(nullptr, nullptr, 0, &none));
  CHECK(none == 0);
}

TEST("gradients are unscaled, clipped to the norm, and skipped when they overflowed") {
  float factor = 0;
  CHECK_OK(ptc_gradient_factor(25.0 * 1024 * 1024, 1024, 0, &factor));
  CHECK(factor == 1.0f / 1024);
  CHECK_OK(ptc_gradient_factor(25.0 * 1024 * 1024, 1024, 10, &factor));
  CHECK(factor == 1.0f / 1024);
  CHECK_OK(ptc_gradient_factor(25.0 * 1024 * 1024, 1024, 0.5f, &factor));
  CHECK(near(factor, 0.1 / 1024, 1e-7, 0));
  CHECK_OK(ptc_gradient_factor(0, 1, 1, &factor));
  CHECK(factor == 1);
  CHECK(ptc_gradient_factor(1, 0, 1, &factor) == PTC_INVALID_ARGUMENT);
  for (float odd : {kNaN, kInfinity}) {
    Model model(PTC_FLOAT16), before(PTC_FLOAT16);
    model.gradient[3].set(39999, odd);
    on_every_cpu_and_pool([&](ptc_pool* pool) {
      double sum = 0;
      CHECK_OK(ptc_gradient_square_sum(pool, model.updates.data(), model.count(), &sum));
      CHECK_OK(ptc_gradient_factor(sum, 65536, 1, &factor));
      CHECK(std::isnan(factor));
      CHECK_OK(ptc_adamw_step(pool, model.updates.data(), model.count(), &factor, 0.02f, 0.9f, 0.999f, 1e-8f, 1));
      CHECK_OK(ptc_sgd_step(pool, model.updates.data(), model.count(), &factor, 0.02f, 0.9f, 0));
    });
    CHECK(model.same_as(before));
  }
}

TEST("a wrong tensor is named") {
  Model model(PTC_FLOAT32);
  model.updates[4].v = nullptr;
  CHECK(ptc_adamw_step(nullptr, model.updates.data(), model.count(), nullptr, 0.1f, 0.9f, 0.9f, 0, 1) ==
        PTC_INVALID_ARGUMENT);
  CHECK(std::strstr(ptc_last_error(), "update 4") != nullptr);
  CHECK_OK(ptc_sgd_step(nullptr, model.updates.data(), model.count(), nullptr, 0.1f, 0.9f, 0));
  model.updates[5].gradient_dtype = PTC_INT8;
  CHECK(ptc_sgd_step(nullptr, model.updates.data(), model.count(), nullptr, 0.1f, 0.9f, 0) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_sgd_step(nullptr, model.updates.data(), -1, nullptr, 0.1f, 0.9f, 0) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_sgd_step(nullptr, model.updates.data(), 1, nullptr, kNaN, 0.9f, 0) == PTC_INVALID_ARGUMENT);
}

}  // namespace
