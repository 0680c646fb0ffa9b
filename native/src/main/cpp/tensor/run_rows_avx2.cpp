// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Eight elements at a time.
#include "convert_avx2.h"
#include "dropout_avx2.h"
#include "resize_avx2.h"
#include "rotary_avx2.h"
#include "run_path.h"
#include "work.h"

namespace partita {

template <typename Work>
void run_avx2(const Work& work, std::int64_t from, std::int64_t to) {
  run_path<Avx2>(work, from, to);
  _mm_sfence();  // what was written past the cache, before whoever is told that it is done
}

#define PTC_RUN(...) template void run_avx2<__VA_ARGS__>(const __VA_ARGS__&, std::int64_t, std::int64_t);
PTC_FOR_EACH_DTYPE(PTC_ROWS_OF)
PTC_OTHERS

}  // namespace partita
