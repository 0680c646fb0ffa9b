// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "tensors.h"

namespace {

using namespace partita;
using namespace partita::tests;

// Some millions of float32: all exponents and signs, both sides of every tie of the narrow types.
std::vector<float> awkward_floats() {
  std::vector<float> all = {0.0f,          -0.0f,         kNaN,      -kNaN,         kInfinity,
                            -kInfinity,    65504.0f,      65519.99f, 65520.0f,      5.9604645e-8f,
                            2.9802322e-8f, 2.9802326e-8f, 1e-45f,    3.4028235e38f, float_of(0x7F800001u)};
  for (std::uint32_t high = 0; high < 0x10000; high += 3) {
    for (std::uint32_t low : {0x0000u, 0x0001u, 0x0FFFu, 0x1000u, 0x1001u, 0x7FFFu, 0x8000u, 0x8001u, 0xFFFFu}) {
      all.push_back(float_of(high << 16 | low));
    }
  }
  return all;
}

// Rounds to a type of `bits` mantissa bits and smallest exponent `least` in double, by the definition.
double rounded(double x, int bits, int least, double largest) {
  if (!std::isfinite(x) || x == 0) return x;
  double unit = std::ldexp(1.0, std::max(std::ilogb(x), least) - bits);
  double result = std::nearbyint(x / unit) * unit;
  return std::fabs(result) > largest ? std::copysign(INFINITY, x) : result;
}

TEST("float32 becomes bfloat16 and float16 by rounding to nearest even, NaN and infinity as they are") {
  auto values = awkward_floats();
  on_every_cpu_and_pool([&](ptc_pool* pool) {
    std::vector<std::uint16_t> brain(values.size()), half(values.size());
    CHECK_OK(ptc_convert(pool, PTC_FLOAT32, values.data(), PTC_BFLOAT16, brain.data(), values.size(), 0));
    CHECK_OK(ptc_convert(pool, PTC_FLOAT32, values.data(), PTC_FLOAT16, half.data(), values.size(), 0));
    std::vector<float> from_brain(values.size()), from_half(values.size());
    CHECK_OK(ptc_convert(pool, PTC_BFLOAT16, brain.data(), PTC_FLOAT32, from_brain.data(), values.size(), 0));
    CHECK_OK(ptc_convert(pool, PTC_FLOAT16, half.data(), PTC_FLOAT32, from_half.data(), values.size(), 0));
    for (std::size_t i = 0; i < values.size(); i++) {
      double b = rounded(values[i], 7, -126, 3.3895313892515355e38), h = rounded(values[i], 10, -14, 65504);
      CHECK(near(from_brain[i], b, 0, 0) && std::signbit(from_brain[i]) == std::signbit(values[i]));
      CHECK(near(from_half[i], h, 0, 0) && std::signbit(from_half[i]) == std::signbit(values[i]));
    }
  });
}

TEST("every float16 and bfloat16 survives the way to float32 and back") {
  std::vector<std::uint16_t> all(65536), back(65536);
  for (int i = 0; i < 65536; i++) all[i] = static_cast<std::uint16_t>(i);
  std::vector<float> wide(65536), first;
  for (std::int32_t dtype : {PTC_BFLOAT16, PTC_FLOAT16}) {
    first.clear();
    on_every_cpu([&] {
      CHECK_OK(ptc_convert(nullptr, dtype, all.data(), PTC_FLOAT32, wide.data(), 65536, 0));
      CHECK_OK(ptc_convert(nullptr, PTC_FLOAT32, wide.data(), dtype, back.data(), 65536, 0));
      for (int i = 0; i < 65536; i++) CHECK(std::isnan(wide[i]) || back[i] == all[i]);
      if (first.empty()) first = wide;
      CHECK(same_bits(first, wide));
    });
  }
}

TEST("int8 rounds value / scale to nearest even, cuts at 127, and holds NaN as 0") {
  std::vector<float> values = {0,    0.5f,      1.5f,       2.5f, -0.5f, -2.5f, 126.5f, 127.4f, 500,
                               -500, kInfinity, -kInfinity, kNaN, 3,     4,     5,      6};
  std::vector<int> expected = {0, 0, 2, 2, 0, -2, 126, 127, 127, -127, 127, -127, 0, 3, 4, 5, 6};
  for (float scale : {1.0f, 0.25f}) {
    auto scaled = values;
    for (float& x : scaled) x *= scale;
    on_every_cpu([&] {
      std::vector<std::int8_t> small(values.size());
      std::vector<float> back(values.size());
      CHECK_OK(ptc_convert(nullptr, PTC_FLOAT32, scaled.data(), PTC_INT8, small.data(), values.size(), scale));
      CHECK_OK(ptc_convert(nullptr, PTC_INT8, small.data(), PTC_FLOAT32, back.data(), values.size(), scale));
      for (std::size_t i = 0; i < values.size(); i++) {
        CHECK(small[i] == expected[i]);
        CHECK(back[i] == static_cast<float>(expected[i]) * scale);
      }
    });
  }
  float x = 1;
  CHECK(ptc_convert(nullptr, PTC_FLOAT32, &x, PTC_INT8, &x, 1, 0) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_convert(nullptr, 7, &x, PTC_INT8, &x, 1, 1) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_convert(nullptr, PTC_FLOAT32, &x, PTC_INT8, &x, -1, 1) == PTC_INVALID_ARGUMENT);
}

TEST("int8 is what the rounded quotient says, at its ties and for scales of any size") {
  std::mt19937 random(21);
  for (float scale : {1.0f, 0.0123f, 0.7f, 3.1f, 1e-30f, 1e30f, 1e-37f, 1e-42f, 3e38f}) {
    std::vector<float> values = {3.4e38f, -3.4e38f, kInfinity, -kInfinity, kNaN, 0.0f, 1e-45f};
    for (int k = -128; k <= 128; k++) {
      float tie = (static_cast<float>(k) + 0.5f) * scale;
      for (float x : {tie, std::nextafter(tie, kInfinity), std::nextafter(tie, -kInfinity)}) values.push_back(x);
    }
    for (int i = 0; i < 5000; i++) {
      values.push_back(scale * (static_cast<float>(random() % 1000000) / 3700.0f - 135.0f));
    }
    on_every_cpu_and_pool([&](ptc_pool* pool) {
      std::vector<std::int8_t> got(values.size());
      auto count = static_cast<std::int64_t>(values.size());
      CHECK_OK(ptc_convert(pool, PTC_FLOAT32, values.data(), PTC_INT8, got.data(), count, scale));
      for (std::size_t i = 0; i < values.size(); i++) {
        float quotient = values[i] / scale;
        float expected = std::isnan(quotient) ? 0 : std::nearbyint(std::min(127.0f, std::max(-127.0f, quotient)));
        CHECK(static_cast<float>(got[i]) == expected);
      }
    });
  }
}

TEST("any type converts to any other, whatever the length and past the cache too") {
  for (std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{37}, std::size_t{2200003}}) {
    auto values = random_floats(count, 3);
    for (std::int32_t from : kDtypes) {
      Stored in(from, values);
      for (std::int32_t to : kDtypes) {
        Stored out(to, count), expected(to, in.floats());
        Pool pool;
        CHECK_OK(ptc_convert(pool, from, in.data(), to, out.data(), count, 0));
        CHECK(out.same_as(expected));
      }
    }
  }
}

TEST("the largest magnitude is found, and a NaN anywhere is not lost") {
  for (std::int32_t dtype : kDtypes) {
    for (std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{45}, std::size_t{40001}}) {
      auto values = random_floats(count, 4);
      if (count > 0) values[count / 2] = -77;
      Stored stored(dtype, values);
      on_every_cpu_and_pool([&](ptc_pool* pool) {
        float most = -1;
        CHECK_OK(ptc_largest_magnitude(pool, dtype, stored.data(), count, &most));
        CHECK(most == (count > 0 ? 77 : 0));
        for (std::size_t i : {std::size_t{0}, count / 3, count - 1}) {
          if (count == 0) continue;
          Stored odd = stored;
          odd.set(i, -kInfinity);
          CHECK_OK(ptc_largest_magnitude(pool, dtype, odd.data(), count, &most));
          CHECK(most == kInfinity);
          odd.set(i, kNaN);
          CHECK_OK(ptc_largest_magnitude(pool, dtype, odd.data(), count, &most));
          CHECK(std::isnan(most));
        }
      });
    }
  }
}

TEST("rows are gathered by index, and a wrong index is named before anything is written") {
  std::mt19937 random(8);
  for (std::int64_t row_bytes : {1, 3, 16, 64, 100, 4096}) {
    for (std::int64_t count :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{777}, (std::int64_t{9} << 20) / row_bytes}) {
      if (count > 1000000) continue;
      constexpr std::int64_t kRows = 501;
      std::vector<char> in(kRows * row_bytes), out(count * row_bytes, 'x');
      for (char& c : in) c = static_cast<char>(random());
      std::vector<std::int64_t> index(count);
      for (auto& i : index) i = static_cast<std::int64_t>(random() % kRows);
      Pool pool;
      CHECK_OK(ptc_gather_rows(pool, in.data(), kRows, row_bytes, index.data(), count, out.data()));
      bool same = true;
      for (std::int64_t k = 0; k < count; k++) {
        same = same && std::memcmp(&out[k * row_bytes], &in[index[k] * row_bytes], row_bytes) == 0;
      }
      CHECK(same);
      if (count == 0) continue;
      for (std::int64_t wrong : {std::int64_t{-1}, kRows, std::int64_t{1} << 62}) {
        index[count - 1] = wrong;
        std::fill(out.begin(), out.end(), 'x');
        CHECK(ptc_gather_rows(pool, in.data(), kRows, row_bytes, index.data(), count, out.data()) ==
              PTC_INVALID_ARGUMENT);
        CHECK(std::strstr(ptc_last_error(), std::to_string(wrong).c_str()) != nullptr);
        CHECK(out[0] == 'x');
      }
    }
  }
}

}  // namespace
