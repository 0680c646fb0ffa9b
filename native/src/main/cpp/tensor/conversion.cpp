// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Conversion and gather at the C boundary.
#if defined(__x86_64__)
#include <emmintrin.h>
#endif

#include "counted_memory.h"
#include "gather.h"
#include "layer_calls.h"

namespace partita {
namespace {

constexpr std::int64_t kLine = 64;
constexpr std::int64_t kBytesAhead = 3072;

#if defined(__x86_64__)
// Both multiples of 16 bytes, `out` on such a boundary. Line by line with the copy a later row is asked for,
// which the processor's own prefetcher cannot guess.
void copy_past_cache(char* out, const char* in, const char* later, std::int64_t bytes) {
  for (std::int64_t at = 0; at < bytes; at += 16) {
    if (at % kLine == 0) __builtin_prefetch(later + at);
    __m128i value = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + at));
    _mm_stream_si128(reinterpret_cast<__m128i*>(out + at), value);
  }
}
#endif

struct Gather {
  const char* in;
  const std::int64_t* index;
  char* out;
  std::int64_t row_bytes, count;

  void run(std::int64_t from, std::int64_t to) const {
    const std::int64_t rows_ahead = std::max<std::int64_t>(1, kBytesAhead / row_bytes);
#if defined(__x86_64__)
    bool past_cache = row_bytes * count >= OnCpu::kPastCacheBytes && row_bytes % 16 == 0 &&
                      reinterpret_cast<std::uintptr_t>(out) % 16 == 0;
#endif
    for (std::int64_t k = from; k < to; k++) {
      const char* row = in + index[k] * row_bytes;
      const char* later = k + rows_ahead < to ? in + index[k + rows_ahead] * row_bytes : row;
#if defined(__x86_64__)
      if (past_cache) {
        copy_past_cache(out + k * row_bytes, row, later, row_bytes);
        continue;
      }
#endif
      for (std::int64_t at = 0; at < row_bytes; at += kLine) __builtin_prefetch(later + at);
      std::memcpy(out + k * row_bytes, row, static_cast<std::size_t>(row_bytes));
    }
#if defined(__x86_64__)
    if (past_cache) _mm_sfence();
#endif
  }
};

}  // namespace

void OnCpu::copy(void* out, const void* in, std::int64_t bytes) const {
  in_parts(pool, bytes, std::int64_t{1} << 18, [&](std::int64_t from, std::int64_t to) {
    std::memmove(static_cast<char*>(out) + from, static_cast<const char*>(in) + from,
                 static_cast<std::size_t>(to - from));
  });
}

}  // namespace partita

using partita::guarded;
using partita::OnCpu;
using partita::require;

ptc_status ptc_convert(ptc_pool* pool, int32_t in_dtype, const void* in, int32_t out_dtype, void* out, int64_t count,
                       float scale) {
  return guarded([&] { partita::convert_call(OnCpu{pool}, in_dtype, in, out_dtype, out, count, scale); });
}

ptc_status ptc_largest_magnitude(ptc_pool* pool, int32_t dtype, const void* values, int64_t count, float* out) {
  return guarded([&] {
    partita::Buffer<float> partial;
    partita::require_count(count, "largest_magnitude: count must be 0 to 2^46");
    auto blocks = static_cast<std::size_t>(partita::magnitude_blocks(count));
    partita::largest_magnitude_call(OnCpu{pool}, dtype, values, count, partial.at_least(blocks + 1), out);
  });
}

ptc_status ptc_gather_rows(ptc_pool* pool, const void* in, int64_t rows, int64_t row_bytes, const int64_t* index,
                           int64_t count, void* out) {
  return guarded([&] {
    partita::require_shape(rows, row_bytes, "ptc_gather_rows: rows or row_bytes is out of range");
    partita::require_shape(count, row_bytes, "ptc_gather_rows: count is out of range");
    require(count == 0 || (in != nullptr && index != nullptr && out != nullptr), "ptc_gather_rows: a pointer is null");
    for (int64_t k = 0; k < count; k++) {
      if (index[k] < 0 || index[k] >= rows) {
        throw partita::InvalidArgument(partita::said("ptc_gather_rows: index ", index[k]) + partita::said(" at ", k) +
                                       partita::said(" is not below the number of rows, ", rows));
      }
    }
    OnCpu cpu{pool};
    if (row_bytes % 64 == 0 && cpu.past_cache(out, in, row_bytes * count)) {
      cpu.run(partita::GatherLines{static_cast<const float*>(in), index, static_cast<float*>(out), row_bytes / 4, count}, count);
      return;
    }
    partita::Gather gather{static_cast<const char*>(in), index, static_cast<char*>(out), row_bytes, count};
    int64_t grain = std::max<int64_t>(1, (int64_t{1} << 17) / row_bytes);
    partita::in_parts(pool, count, grain, [&](int64_t from, int64_t to) { gather.run(from, to); });
  });
}
