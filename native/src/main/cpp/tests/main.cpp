// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "check.h"

namespace partita::tests {
namespace {
int failures_in_test = 0;
const char* skipped_because = nullptr;
}  // namespace

std::vector<Test>& all_tests() {
  static std::vector<Test> tests;
  return tests;
}

void fail(const char* file, int line, const std::string& what) {
  const char* name = std::strrchr(file, '/');
  if (failures_in_test++ < 3) std::printf("    %s:%d: %s\n", name != nullptr ? name + 1 : file, line, what.c_str());
}

void skip(const char* why) { skipped_because = why; }

}  // namespace partita::tests

// With a part, only the tests whose name contains it.
int run_all_tests(const char* part) {
  using namespace partita::tests;
  using Clock = std::chrono::steady_clock;
  int passed = 0, failed = 0, skipped = 0;
  auto start = Clock::now();
  std::int64_t held_before = ptc_held_bytes();
  for (const Test& test : all_tests()) {
    if (part != nullptr && std::strstr(test.name, part) == nullptr) continue;
    failures_in_test = 0;
    skipped_because = nullptr;
    test.body();
    if (ptc_held_bytes() != held_before) fail(__FILE__, __LINE__, "memory of the core was not given back");
    held_before = ptc_held_bytes();
    if (failures_in_test > 0) {
      failed++;
      std::printf("  FAILED   %s\n", test.name);
    } else if (skipped_because != nullptr) {
      skipped++;
      std::printf("  skipped  %s (%s)\n", test.name, skipped_because);
    } else {
      passed++;
    }
  }
  std::chrono::duration<double> seconds = Clock::now() - start;
  std::printf("native tests: %d passed, %d failed, %d skipped in %.1f s (cpu features %d)\n", passed, failed,
              skipped, seconds.count(), ptc_cpu_features());
  return failed == 0 ? 0 : 1;
}

#if !defined(PTC_OWN_MAIN)
int main(int count, char** arguments) { return run_all_tests(count > 1 ? arguments[1] : nullptr); }
#endif
