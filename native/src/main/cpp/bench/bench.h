// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Times something several times and prints one line of JSON for it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "partita_core.h"

namespace partita::bench {

constexpr int kRuns = 7;

// Seconds of each run, after one that does not count.
inline std::vector<double> seconds(const std::function<void()>& body, int runs = kRuns) {
  using Clock = std::chrono::steady_clock;
  body();
  std::vector<double> all;
  for (int i = 0; i < runs; i++) {
    auto start = Clock::now();
    body();
    all.push_back(std::chrono::duration<double>(Clock::now() - start).count());
  }
  std::sort(all.begin(), all.end());
  return all;
}

struct Limit {
  double value = 0;  // 0: none
  const char* is = "";
  double best = 0;     // of all runs, where there were several; `value` is their median
  double compute = 0;  // what the same does with data in the cache; 0: not measured
};

// `amount` of `unit` per second, for runs of `times` seconds (sorted).
inline void print_rate(const std::string& figure, const char* unit, double amount, const std::vector<double>& times,
                       Limit limit) {
  double median = amount / times[times.size() / 2], low = amount / times.back(), high = amount / times.front();
  std::printf("{\"peer\":\"partita\",\"workload\":\"kernels\",\"figure\":\"%s\",\"unit\":\"%s\",", figure.c_str(), unit);
  std::printf("\"median\":%.4g,\"min\":%.4g,\"max\":%.4g,\"runs\":%zu,", median, low, high, times.size());
  if (limit.value > 0) {
    if (limit.best > 0) std::printf("\"limit_max\":%.4g,", limit.best);
    if (limit.compute > 0) std::printf("\"limit_compute\":%.4g,", limit.compute);
    std::printf("\"limit\":%.4g,\"limit_is\":\"%s\"}\n", limit.value, limit.is);
  } else {
    std::printf("\"limit\":null}\n");
  }
  std::fflush(stdout);
}

inline void must(ptc_status status) {
  if (status == PTC_OK) return;
  std::fprintf(stderr, "kernel_bench: %s\n", ptc_last_error());
  std::exit(1);
}

// Memory of the core, filled so that no page is the kernel's zero page.
template <typename T>
class Array {
 public:
  explicit Array(std::int64_t count) {
    void* memory = nullptr;
    must(ptc_alloc(count * static_cast<std::int64_t>(sizeof(T)), &memory));
    data_ = static_cast<T*>(memory);
    auto* words = static_cast<float*>(memory);
    std::int64_t floats = count * static_cast<std::int64_t>(sizeof(T)) / 4;
    must(ptc_fill_uniform(words, floats, count, 0.001f, 1.0f));
  }
  ~Array() { ptc_free(data_); }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  T* data() { return data_; }

 private:
  T* data_;
};

}  // namespace partita::bench
