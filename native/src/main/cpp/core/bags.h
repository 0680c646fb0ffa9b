// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Checks of ids in bags that come from outside.
#pragma once

#include <cstdint>
#include <string>

#include "status.h"

namespace partita {

inline std::string said(const char* what, std::int64_t value) { return what + std::to_string(value); }

// The ids of bags, as they must be: offsets[0] = 0, not decreasing, ending with id_count; no id negative.
inline void require_bags(const std::int32_t* ids, std::int32_t id_count, const std::int32_t* offsets,
                         std::int32_t bags, std::int64_t rows) {
  require(offsets[0] == 0, "embedding_bag: offsets must begin with 0");
  for (std::int32_t b = 0; b < bags; b++) {
    if (offsets[b + 1] < offsets[b]) throw InvalidArgument(said("embedding_bag: offsets decrease after bag ", b));
  }
  if (offsets[bags] != id_count) {
    throw InvalidArgument(said("embedding_bag: offsets end with ", offsets[bags]) +
                          said(", but there are so many ids: ", id_count));
  }
  for (std::int32_t k = 0; k < id_count; k++) {
    if (ids[k] < 0 || ids[k] >= rows) {
      throw InvalidArgument(said("embedding_bag: id ", ids[k]) + said(" at ", k) +
                            said(" is not below the number of rows, ", rows));
    }
  }
}

}  // namespace partita
