// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// This library's own error text: it does not depend on the core's.
#include "status.h"

#include <cstdio>

#include "partita_cuda.h"

namespace partita {
namespace {
thread_local char last_error[512] = "";
}  // namespace

void set_last_error(const char* message) noexcept {
  std::snprintf(last_error, sizeof last_error, "%s", message);
}

}  // namespace partita

const char* ptc_cuda_last_error(void) { return partita::last_error; }
