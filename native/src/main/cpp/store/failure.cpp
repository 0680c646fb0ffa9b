// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "failure.h"

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace partita::store {

void fail_with_errno(const std::string& what) {
  int error = errno;
  ptc_status status = error == EACCES || error == EPERM ? PTC_FORBIDDEN : PTC_STORAGE_FAILURE;
  throw Failure(status, what + ": " + std::generic_category().message(error));
}

std::string human_bytes(std::uint64_t bytes) {
  static const char* const kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  int unit = 0;
  while (value >= 1024 && unit < 4) value /= 1024, unit++;
  char text[48];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text;
}

}  // namespace partita::store
