// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "status.h"

#include <cstdio>

namespace partita {
namespace {
// A plain array: needs no destructor, so it is safe while threads of the JVM come and go.
thread_local char last_error[512] = "";
}  // namespace

void set_last_error(const char* message) noexcept {
  std::snprintf(last_error, sizeof last_error, "%s", message);
}

}  // namespace partita

const char* ptc_last_error(void) { return partita::last_error; }

const char* ptc_version(void) { return PARTITA_VERSION; }
