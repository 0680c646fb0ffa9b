// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The reference: one element at a time.
#include "run_path.h"
#include "work.h"

namespace partita {

template <typename Work>
void run_scalar(const Work& work, std::int64_t from, std::int64_t to) {
  run_path<Scalar>(work, from, to);
}

#define PTC_RUN(...) template void run_scalar<__VA_ARGS__>(const __VA_ARGS__&, std::int64_t, std::int64_t);
PTC_FOR_EACH_DTYPE(PTC_ROWS_OF)
PTC_OTHERS

}  // namespace partita
