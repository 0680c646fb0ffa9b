// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Every tensor kernel with fresh random input, ready to run on the CPU and as its CUDA twin. The tests run
// them small, core_gpu_check runs them small and then large with a clock.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "partita_core.h"

namespace partita::tests {

struct TwinCase {
  std::string name;
  double bytes;                             // read and written by the twin, each once
  std::function<ptc_status()> on_cpu;       // of the results, the CPU's ones
  std::function<ptc_status(void* stream)> on_gpu;
  std::function<bool()> same;               // bit for bit, but for which NaN
};

// Calls visit for one case after the other; what a case holds is given back before the next. `count` is about
// how many values the largest tensor has, `dtype` the type of the activations.
void for_twin_cases(std::int64_t count, std::int32_t dtype, unsigned seed,
                    const std::function<void(const TwinCase&)>& visit);

}  // namespace partita::tests
