// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// A test is a function with a name that says what holds; main() runs them all and prints a summary.
#pragma once

#include <cstdio>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "partita_core.h"

namespace partita::tests {

struct Test {
  const char* name;
  std::function<void()> body;
};

std::vector<Test>& all_tests();
void fail(const char* file, int line, const std::string& what);
// The test cannot run here, for example without a GPU; counted and printed.
void skip(const char* why);

struct Registration {
  Registration(const char* name, std::function<void()> body) { all_tests().push_back({name, std::move(body)}); }
};

// Runs `body` with all vector instructions, without AVX-512 and without any: all must hold.
template <typename F>
void on_every_cpu(F&& body) {
  for (int mask : {-1, ~PTC_CPU_AVX512, 0}) {
    ptc_limit_cpu_features(mask);
    body();
  }
  ptc_limit_cpu_features(-1);
}

inline std::vector<float> random_floats(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

template <typename T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

}  // namespace partita::tests

#define PTC_CONCAT_(a, b) a##b
#define PTC_CONCAT(a, b) PTC_CONCAT_(a, b)
#define TEST(name)                                                                              \
  static void PTC_CONCAT(test_, __LINE__)();                                                    \
  static const ::partita::tests::Registration PTC_CONCAT(registration_, __LINE__)(              \
      name, PTC_CONCAT(test_, __LINE__));                                                       \
  static void PTC_CONCAT(test_, __LINE__)()
#define CHECK(condition)                                                        \
  do {                                                                          \
    if (!(condition)) ::partita::tests::fail(__FILE__, __LINE__, #condition);   \
  } while (false)
#define CHECK_OK(call)                                                                             \
  do {                                                                                             \
    if ((call) != PTC_OK) ::partita::tests::fail(__FILE__, __LINE__, std::string(#call ": ") + ptc_last_error()); \
  } while (false)
