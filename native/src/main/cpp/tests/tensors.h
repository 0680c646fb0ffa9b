// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// What tests of tensor kernels share: values in every stored type, and how far a result may be from
// the same in double.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "check.h"
#include "dtype.h"
#include "partita_tensor.h"

namespace partita::tests {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::int32_t kDtypes[] = {PTC_FLOAT32, PTC_BFLOAT16, PTC_FLOAT16};

// Half a unit in the last place, relative, of a stored value.
inline double rounding_of(std::int32_t dtype) {
  return dtype == PTC_FLOAT32 ? 0 : dtype == PTC_BFLOAT16 ? 0x1p-8 : 0x1p-11;
}

// Values in one of the stored types; they are rounded when they go in.
class Stored {
 public:
  Stored(std::int32_t dtype, std::size_t count) : Stored(dtype, std::vector<float>(count)) {}
  Stored(std::int32_t dtype, const std::vector<float>& values) : dtype_(dtype), count_(values.size()) {
    bytes_.resize(count_ * width() + 64);
    for (std::size_t i = 0; i < count_; i++) set(i, values[i]);
  }

  std::size_t width() const { return dtype_ == PTC_FLOAT32 ? 4 : 2; }
  std::size_t size() const { return count_; }
  void* data() { return bytes_.data(); }
  const void* data() const { return bytes_.data(); }

  float operator[](std::size_t i) const {
    const char* at = bytes_.data() + i * width();
    if (dtype_ == PTC_FLOAT32) return value<float>(at);
    std::uint16_t bits = value<std::uint16_t>(at);
    return dtype_ == PTC_BFLOAT16 ? to_float(BFloat16{bits}) : to_float(Float16{bits});
  }
  void set(std::size_t i, float x) {
    char* at = bytes_.data() + i * width();
    if (dtype_ == PTC_FLOAT32) {
      std::memcpy(at, &x, 4);
    } else {
      std::uint16_t bits = dtype_ == PTC_BFLOAT16 ? to_bfloat16(x).bits : to_float16(x).bits;
      std::memcpy(at, &bits, 2);
    }
  }
  std::vector<float> floats() const {
    std::vector<float> all(count_);
    for (std::size_t i = 0; i < count_; i++) all[i] = (*this)[i];
    return all;
  }
  bool same_as(const Stored& other) const { return bytes_ == other.bytes_; }

 private:
  template <typename T>
  static T value(const char* at) {
    T x;
    std::memcpy(&x, at, sizeof x);
    return x;
  }

  std::int32_t dtype_;
  std::size_t count_;
  std::vector<char> bytes_;
};

// |got - expected| <= relative * |expected| + absolute, and NaN or infinity only where expected.
inline bool near(double got, double expected, double relative, double absolute) {
  if (std::isnan(expected)) return std::isnan(got);
  if (std::isinf(expected)) return got == expected;
  return std::fabs(got - expected) <= relative * std::fabs(expected) + absolute;
}

// A pool of three threads for as long as a test lasts.
class Pool {
 public:
  Pool() { CHECK_OK(ptc_pool_create(3, 60000, &pool_)); }
  ~Pool() { ptc_pool_destroy(pool_); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  operator ptc_pool*() { return pool_; }

 private:
  ptc_pool* pool_ = nullptr;
};

// Runs body(pool) with AVX2 and without, in one thread and in three.
template <typename F>
void on_every_cpu_and_pool(F&& body) {
  on_every_cpu([&] {
    body(static_cast<ptc_pool*>(nullptr));
    Pool pool;
    body(static_cast<ptc_pool*>(pool));
  });
}

}  // namespace partita::tests
