// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "row_gradient.h"
#include "tensors.h"

namespace {

using namespace partita;
using namespace partita::tests;

constexpr std::size_t kCounts[] = {0, 1, 7, 8, 33, 100003};

double gelu_in_double(int kind, double x) {
  if (kind == PTC_GELU_ERF) return 0.5 * x * std::erfc(-x * std::sqrt(0.5));
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
}

// Central difference, good to about 1e-9.
template <typename F>
double slope(const F& f, double x) {
  double h = 1e-5 * std::max(1.0, std::fabs(x));
  return (f(x + h) - f(x - h)) / (2 * h);
}

std::vector<float> scaled(std::vector<float> values, float by) {
  for (float& x : values) x *= by;
  return values;
}

// Runs f(pool, out) everywhere, wants the same bits each time, and gives the result.
template <typename F>
Stored same_everywhere(std::int32_t dtype, std::size_t count, const F& f) {
  Stored first(dtype, count);
  bool ran = false;
  on_every_cpu_and_pool([&](ptc_pool* pool) {
    Stored out(dtype, count);
    f(pool, out);
    if (!ran) first = out;
    ran = true;
    CHECK(out.same_as(first));
  });
  return first;
}

TEST("GELU, both kinds, and its gradient are those of double") {
  for (int kind : {PTC_GELU_ERF, PTC_GELU_TANH}) {
    for (std::int32_t dtype : kDtypes) {
      for (std::size_t n : kCounts) {
        Stored x(dtype, scaled(random_floats(n, 1), 1.7f)), d_y(dtype, random_floats(n, 2));
        Stored y = same_everywhere(dtype, n, [&](ptc_pool* pool, Stored& out) {
          CHECK_OK(ptc_gelu(pool, dtype, kind, x.data(), n, out.data()));
        });
        Stored d_x = same_everywhere(dtype, n, [&](ptc_pool* pool, Stored& out) {
          CHECK_OK(ptc_gelu_backward(pool, dtype, kind, d_y.data(), x.data(), n, out.data()));
        });
        auto f = [&](double v) { return gelu_in_double(kind, v); };
        double tiny = dtype == PTC_FLOAT16 ? 3e-8 : 0;
        for (std::size_t i = 0; i < n; i++) {
          // The double tanh formula itself loses digits in the tail.
          CHECK(near(y[i], f(x[i]), 2e-6 + rounding_of(dtype), tiny + (kind == PTC_GELU_TANH ? 1e-9 : 1e-12)));
          CHECK(near(d_x[i], d_y[i] * slope(f, x[i]), rounding_of(dtype), 2e-6 * std::fabs(d_y[i]) + tiny));
        }
      }
    }
  }
}

TEST("GELU may work in place, and NaN and infinity go through it") {
  for (int kind : {PTC_GELU_ERF, PTC_GELU_TANH}) {
    on_every_cpu([&] {
      std::vector<float> x(19, 0.5f);
      x[3] = x[17] = kNaN;
      x[4] = x[18] = kInfinity;
      x[5] = 3e38f;
      x[6] = -3e38f;
      auto d_x = x;
      std::vector<float> ones(19, 1.0f);
      CHECK_OK(ptc_gelu_backward(nullptr, PTC_FLOAT32, kind, ones.data(), x.data(), 19, d_x.data()));
      CHECK_OK(ptc_gelu(nullptr, PTC_FLOAT32, kind, x.data(), 19, x.data()));
      CHECK(near(x[0], gelu_in_double(kind, 0.5), 1e-6, 0) && x[16] == x[0]);
      CHECK(std::isnan(x[3]) && std::isnan(x[17]) && x[4] == kInfinity && x[18] == kInfinity);
      CHECK(x[5] == 3e38f && std::fabs(x[6]) < 1e-36f);
      CHECK(std::isnan(d_x[3]) && d_x[4] == 1 && d_x[5] == 1 && std::fabs(d_x[6]) < 1e-34f);
    });
  }
}

TEST("SwiGLU and its gradients are those of double") {
  for (std::int32_t dtype : kDtypes) {
    for (std::size_t n : kCounts) {
      Stored gate(dtype, scaled(random_floats(n, 1), 2)), up(dtype, random_floats(n, 2)),
          d_y(dtype, random_floats(n, 3));
      Stored y = same_everywhere(dtype, n, [&](ptc_pool* pool, Stored& out) {
        CHECK_OK(ptc_swiglu(pool, dtype, gate.data(), up.data(), n, out.data()));
      });
      Stored d_up(dtype, n);
      Stored d_gate = same_everywhere(dtype, n, [&](ptc_pool* pool, Stored& out) {
        CHECK_OK(ptc_swiglu_backward(pool, dtype, d_y.data(), gate.data(), up.data(), n, out.data(), d_up.data()));
      });
      auto silu = [](double g) { return g / (1 + std::exp(-g)); };
      for (std::size_t i = 0; i < n; i++) {
        double tiny = dtype == PTC_FLOAT16 ? 3e-8 : 1e-12;
        CHECK(near(y[i], silu(gate[i]) * up[i], 1e-6 + rounding_of(dtype), tiny));
        CHECK(near(d_up[i], silu(gate[i]) * d_y[i], 1e-6 + rounding_of(dtype), tiny));
        CHECK(near(d_gate[i], slope(silu, gate[i]) * up[i] * d_y[i], rounding_of(dtype),
                   2e-6 * std::fabs(up[i] * d_y[i]) + tiny));
      }
    }
  }
}

TEST("Philox gives the published values, through dropout's choice of elements") {
  // Known answers of Random123 for philox4x32-10: counter and key all zero; all ones. Words in order.
  struct Known {
    std::int64_t seed, offset;
    std::uint32_t word[4];
  };
  // With offset = 0 and seed = 0 the first counter is 0, 0, 0, 0.
  Known zero{0, 0, {0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u}};
  on_every_cpu([&] {
    for (int k = 0; k < 4; k++) {
      // The element that this word decides is kept up to the probability word / 2^32, and not above.
      for (double off : {-1e-4, 1e-4}) {
        auto probability = static_cast<float>(zero.word[k] / 4294967296.0 + off);
        std::vector<float> x(40, 1.0f), y(40);
        CHECK_OK(ptc_dropout(nullptr, PTC_FLOAT32, x.data(), 40, probability, zero.seed, zero.offset, y.data()));
        CHECK((y[8 * k] == 0) == (off > 0));
      }
    }
  });
}

TEST("dropout drops its share, scales the rest, and depends on seed, offset and place only") {
  for (std::int32_t dtype : kDtypes) {
    for (std::size_t n : kCounts) {
      Stored x(dtype, random_floats(n, 4));
      Stored y = same_everywhere(dtype, n, [&](ptc_pool* pool, Stored& out) {
        CHECK_OK(ptc_dropout(pool, dtype, x.data(), n, 0.3f, -5, 1LL << 40, out.data()));
      });
      std::size_t dropped = 0, moved = 0;
      Stored other(dtype, n);
      CHECK_OK(ptc_dropout(nullptr, dtype, x.data(), n, 0.3f, -5, (1LL << 40) + 1, other.data()));
      for (std::size_t i = 0; i < n; i++) {
        dropped += y[i] == 0 ? 1 : 0;
        moved += (y[i] == 0) != (other[i] == 0) ? 1 : 0;
        CHECK(y[i] == 0 || near(y[i], x[i] / (1 - 0.3), 1e-6 + rounding_of(dtype), 3e-8));
      }
      if (n > 1000) {
        CHECK(std::fabs(static_cast<double>(dropped) / n - 0.3) < 0.01);
        CHECK(std::fabs(static_cast<double>(moved) / n - 0.42) < 0.01);
      }
      // A prefix alone gives the same.
      if (n > 40) {
        Stored prefix(dtype, 37);
        CHECK_OK(ptc_dropout(nullptr, dtype, x.data(), 37, 0.3f, -5, 1LL << 40, prefix.data()));
        for (int i = 0; i < 37; i++) CHECK(prefix[i] == y[i]);
      }
    }
  }
  float x = 1;
  CHECK(ptc_dropout(nullptr, PTC_FLOAT32, &x, 1, 1.0f, 0, 0, &x) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_dropout(nullptr, PTC_FLOAT32, &x, 1, kNaN, 0, 0, &x) == PTC_INVALID_ARGUMENT);
  CHECK_OK(ptc_dropout(nullptr, PTC_FLOAT32, &x, 1, 0.0f, 0, 0, &x));
  CHECK(x == 1);
}

TEST("rotary embedding turns pairs by their angles, and back") {
  constexpr int kTokens = 5, kHeads = 3, kPositions = 64;
  for (int kind : {PTC_ROTARY_HALVES, PTC_ROTARY_PAIRS}) {
    for (std::int32_t dtype : kDtypes) {
      for (int dim : {2, 6, 16, 64, 70}) {
        std::vector<float> table(kPositions * dim);
        CHECK_OK(ptc_rotary_table(kPositions, dim, 10000, table.data()));
        std::size_t n = kTokens * kHeads * dim;
        Stored x(dtype, random_floats(n, 5));
        std::vector<std::int32_t> positions = {0, 63, 1, 17, 17};
        Stored y = same_everywhere(dtype, n, [&](ptc_pool* pool, Stored& out) {
          CHECK_OK(ptc_rotary(pool, dtype, kind, 0, x.data(), positions.data(), kTokens, kHeads, dim, table.data(),
                              kPositions, out.data()));
        });
        for (int unit = 0; unit < kTokens * kHeads; unit++) {
          for (int i = 0; i < dim / 2; i++) {
            int a = unit * dim + (kind == PTC_ROTARY_HALVES ? i : 2 * i),
                b = kind == PTC_ROTARY_HALVES ? a + dim / 2 : a + 1;
            double angle = positions[unit / kHeads] * std::pow(10000.0, -2.0 * i / dim);
            double absolute = (1e-6 + rounding_of(dtype)) * (std::fabs(x[a]) + std::fabs(x[b]));
            CHECK(near(y[a], x[a] * std::cos(angle) - x[b] * std::sin(angle), 0, absolute));
            CHECK(near(y[b], x[b] * std::cos(angle) + x[a] * std::sin(angle), 0, absolute));
          }
        }
        Stored back = y;  // in place, and the other way round
        CHECK_OK(ptc_rotary(nullptr, dtype, kind, 1, back.data(), positions.data(), kTokens, kHeads, dim,
                            table.data(), kPositions, back.data()));
        for (std::size_t i = 0; i < n; i++) CHECK(near(back[i], x[i], 0, 1e-5 + 12 * rounding_of(dtype)));
        positions[2] = kPositions;
        CHECK(ptc_rotary(nullptr, dtype, kind, 0, x.data(), positions.data(), kTokens, kHeads, dim, table.data(),
                         kPositions, back.data()) == PTC_INVALID_ARGUMENT);
        CHECK(std::strstr(ptc_last_error(), "token 2") != nullptr);
      }
    }
  }
  float table[4];
  CHECK(ptc_rotary_table(1, 3, 10000, table) == PTC_INVALID_ARGUMENT);
}

TEST("bags of embeddings are summed or averaged, and their gradient goes to the rows they used") {
  constexpr int kRows = 211, kBags = 40;
  std::mt19937 random(6);
  for (int dim : {1, 8, 20, 64, 131}) {
    std::vector<std::int32_t> ids, offsets{0};
    for (int b = 0; b < kBags; b++) {
      for (auto n = b == 3 ? 0 : random() % 9; n > 0; n--)
        ids.push_back(static_cast<std::int32_t>(random() % kRows));
      offsets.push_back(static_cast<std::int32_t>(ids.size()));
    }
    auto count = static_cast<std::int32_t>(ids.size());
    for (int mode : {PTC_BAG_SUM, PTC_BAG_MEAN}) {
      for (std::int32_t dtype : kDtypes) {
        Stored weight(dtype, random_floats(kRows * dim, 7));
        Stored out = same_everywhere(PTC_FLOAT32, kBags * dim, [&](ptc_pool* pool, Stored& result) {
          CHECK_OK(ptc_embedding_bag(pool, dtype, weight.data(), kRows, dim, ids.data(), count, offsets.data(),
                                     kBags, mode, static_cast<float*>(result.data())));
        });
        for (int b = 0; b < kBags; b++) {
          int length = offsets[b + 1] - offsets[b];
          for (int d = 0; d < dim; d++) {
            double sum = 0, sizes = 0;
            for (int k = offsets[b]; k < offsets[b + 1]; k++) {
              sum += weight[ids[k] * dim + d];
              sizes += std::fabs(weight[ids[k] * dim + d]);
            }
            if (mode == PTC_BAG_MEAN && length > 0) sum /= length;
            CHECK(near(out[b * dim + d], sum, 0, 1e-6 * sizes));
          }
        }
      }
      auto d_out = random_floats(kBags * dim, 9);
      on_every_cpu([&] {
        ptc_row_gradient gradient(dim);
        CHECK_OK(
            ptc_embedding_bag_backward(d_out.data(), ids.data(), count, offsets.data(), kBags, mode, &gradient));
        std::map<int, std::vector<double>> expected;
        for (int b = 0; b < kBags; b++) {
          for (int k = offsets[b]; k < offsets[b + 1]; k++) {
            auto& row = expected[ids[k]];
            row.resize(dim);
            double share = mode == PTC_BAG_MEAN ? 1.0 / (offsets[b + 1] - offsets[b]) : 1;
            for (int d = 0; d < dim; d++) row[d] += share * d_out[b * dim + d];
          }
        }
        CHECK(gradient.count == static_cast<std::int32_t>(expected.size()));
        int at = 0;
        for (const auto& [row, values] : expected) {
          CHECK(gradient.rows.data()[at] == row);
          for (int d = 0; d < dim; d++) CHECK(near(gradient.values.data()[at * dim + d], values[d], 1e-5, 1e-5));
          at++;
        }
      });
    }
    std::vector<float> out(kBags * dim), weight(kRows * dim);
    auto wrong_ids = ids;
    wrong_ids[5] = kRows;
    CHECK(ptc_embedding_bag(nullptr, PTC_FLOAT32, weight.data(), kRows, dim, wrong_ids.data(), count,
                            offsets.data(), kBags, PTC_BAG_SUM, out.data()) == PTC_INVALID_ARGUMENT);
    CHECK(std::strstr(ptc_last_error(), "id 211 at 5") != nullptr);
    auto wrong_offsets = offsets;
    wrong_offsets[kBags] = count + 1;
    CHECK(ptc_embedding_bag(nullptr, PTC_FLOAT32, weight.data(), kRows, dim, ids.data(), count,
                            wrong_offsets.data(), kBags, PTC_BAG_SUM, out.data()) == PTC_INVALID_ARGUMENT);
    std::swap(wrong_offsets[1], wrong_offsets[9]);
    CHECK(ptc_embedding_bag(nullptr, PTC_FLOAT32, weight.data(), kRows, dim, ids.data(), count,
                            wrong_offsets.data(), kBags, PTC_BAG_SUM, out.data()) == PTC_INVALID_ARGUMENT);
  }
}

}  // namespace
