// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The GPU as a place for works to run on; its counterpart is OnCpu of work.h.
#pragma once

#include <cstdint>

#include "launch.h"

namespace partita::cuda {

struct OnGpu {
  static constexpr bool kGpu = true;
  void* stream;

  template <typename Work>
  void run(const Work& work, std::int64_t units) const {
    cuda::run(stream, work, units);
  }
  void copy(void* out, const void* in, std::int64_t bytes) const { copy_bytes(stream, out, in, bytes); }
  static bool past_cache(const void*, const void*, std::int64_t, std::int64_t = 0) { return false; }
};

}  // namespace partita::cuda
