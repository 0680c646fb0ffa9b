// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Sixteen elements at a time.
#include "convert_avx512.h"
#include "dropout_avx512.h"
#include "resize_avx512.h"
#include "rotary_avx512.h"
#include "run_path.h"
#include "work.h"

namespace partita {

template <typename Work>
void run_avx512(const Work& work, std::int64_t from, std::int64_t to) {
  run_path<Avx512>(work, from, to);
  _mm_sfence();  // what was written past the cache, before whoever is told that it is done
}

#define PTC_RUN(...) template void run_avx512<__VA_ARGS__>(const __VA_ARGS__&, std::int64_t, std::int64_t);
PTC_FOR_EACH_DTYPE(PTC_LAYERS_OF)

}  // namespace partita
