// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Conversion and gather.
#include "layer_calls.h"
#include "on_gpu.h"
#include "partita_cuda_tensor.h"

namespace partita::cuda {
namespace {

struct Sixteen {
  std::uint64_t half[2];
};

// Unit: a row, copied in pieces of 16 bytes where size and addresses allow it.
struct GatherRows {
  static constexpr bool kByRow = true;
  const char* in;
  const std::int64_t* index;
  char* out;
  std::int32_t* refused;
  std::int64_t rows, row_bytes;
  bool by_sixteen;
};

template <typename M, typename T>
PTC_BOTH void copy_row(const M& machine, const T* from, T* to, std::int64_t n) {
  machine.each(n, [&](auto i) { to[i] = from != nullptr ? from[i] : T{}; });
}

template <typename M>
PTC_BOTH void row(const M& machine, const GatherRows& w, std::int64_t k) {
  const std::int64_t r = w.index[k];
  const bool there = r >= 0 && r < w.rows;
  const char* from = there ? w.in + r * w.row_bytes : nullptr;
  char* to = w.out + k * w.row_bytes;
  if (w.by_sixteen) {
    copy_row(machine, reinterpret_cast<const Sixteen*>(from), reinterpret_cast<Sixteen*>(to), w.row_bytes / 16);
  } else {
    copy_row(machine, from, to, w.row_bytes);
  }
  machine.once([&] {
    if (!there) add_one(w.refused);
  });
}

}  // namespace
}  // namespace partita::cuda

using partita::guarded;
using partita::require;
using partita::cuda::OnGpu;

ptc_status ptc_cuda_convert(void* stream, int32_t in_dtype, const void* in, int32_t out_dtype, void* out,
                            int64_t count, float scale) {
  return guarded([&] { partita::convert_call(OnGpu{stream}, in_dtype, in, out_dtype, out, count, scale); });
}

int64_t ptc_cuda_largest_magnitude_workspace_bytes(int64_t count) { return 4 * (partita::magnitude_blocks(count) + 1); }

ptc_status ptc_cuda_largest_magnitude(void* stream, int32_t dtype, const void* values, int64_t count, void* workspace,
                                      float* out) {
  return guarded([&] {
    partita::largest_magnitude_call(OnGpu{stream}, dtype, values, count, static_cast<float*>(workspace), out);
  });
}

ptc_status ptc_cuda_gather_rows(void* stream, const void* in, int64_t rows, int64_t row_bytes, const int64_t* index,
                                int64_t count, void* out, int32_t* refused) {
  return guarded([&] {
    partita::require_shape(rows, row_bytes, "ptc_cuda_gather_rows: rows or row_bytes is out of range");
    partita::require_shape(count, row_bytes, "ptc_cuda_gather_rows: count is out of range");
    require(refused != nullptr, "ptc_cuda_gather_rows: refused is null");
    auto addresses = reinterpret_cast<std::uintptr_t>(in) | reinterpret_cast<std::uintptr_t>(out);
    bool by_sixteen = row_bytes % 16 == 0 && addresses % 16 == 0;
    partita::cuda::run(stream,
                       partita::cuda::GatherRows{static_cast<const char*>(in), index, static_cast<char*>(out), refused,
                                                 rows, row_bytes, by_sixteen},
                       count);
  });
}
