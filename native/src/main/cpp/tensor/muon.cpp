// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Muon at the C boundary. Its passes over memory are little beside the products, and run as the reference.
#include "matrix_product.h"
#include "muon_call.h"

namespace partita {
namespace {

struct MuonOnCpu {
  [[maybe_unused]] static constexpr bool kGpu = false;
  ptc_pool* pool;
  Buffer<float>* scratch;

  template <typename Work>
  void run(const Work& work, std::int64_t units) const {
    if constexpr (Work::kByRow) {
      OnCpu{pool}.run(work, units);
    } else {
      in_parts(pool, units, std::int64_t{1} << 15, [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t i = from; i < to; i++) element(work, i);
      });
    }
  }
  void multiply(const MatrixProduct& product) const { partita::multiply(pool, product, *scratch); }
};

}  // namespace
}  // namespace partita

ptc_status ptc_muon_step(ptc_pool* pool, const ptc_update* update, int64_t rows, int64_t columns, const float* factor,
                         float learning_rate, float momentum, int32_t nesterov, int32_t iterations, int32_t scaling) {
  return partita::guarded([&] {
    partita::require_muon(update, rows, columns, learning_rate, momentum, iterations, scaling);
    if (factor != nullptr && !(*factor == *factor)) return;
    partita::Buffer<float> scratch, space;
    auto bytes = static_cast<std::size_t>(partita::MuonSpace::bytes(rows, columns));
    void* memory = space.at_least(bytes / sizeof(float) + 16);
    partita::muon_call(partita::MuonOnCpu{pool, &scratch}, *update, {rows, columns}, factor, learning_rate, momentum,
                       nesterov != 0, iterations, scaling, partita::MuonSpace::over(memory, rows, columns));
  });
}
