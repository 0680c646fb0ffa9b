// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// One thread a text, running the reference tokenizer; ids go to the text's place in a scratch area
// (never more ids than bytes), a scan finds the offsets, and a second pass moves the ids together.
#include "launch.h"
#include "partita_cuda.h"
#include "tokenizer.h"

namespace partita::cuda {
namespace {

struct Tokenize {
  int bucket_bits;
  const std::uint8_t* bytes;
  const std::int64_t* byte_offsets;
  std::int32_t* scratch;
  std::int32_t* counts;

  PTC_BOTH void operator()(std::int64_t i) const {
    std::int64_t from = byte_offsets[i];
    std::int32_t* begin = scratch + from;
    auto length = static_cast<std::int32_t>(byte_offsets[i + 1] - from);
    counts[i + 1] = static_cast<std::int32_t>(tokenize_scalar(bytes + from, length, bucket_bits, begin) - begin);
    if (i == 0) counts[0] = 0;
  }
};

// A running sum in one block; thread t adds what lies 2^stage before it. Works in place because each
// stage first reads all and then writes all: even stages read, odd ones write.
struct SumUp {
  std::int32_t* values;
  std::int32_t* read;

  PTC_BOTH void operator()(int stage, std::int64_t i) const {
    std::int64_t distance = std::int64_t{1} << (stage / 2);
    if (stage % 2 == 0) {
      read[i] = i >= distance ? values[i - distance] : 0;
    } else {
      values[i] += read[i];
    }
  }
};

struct MoveTogether {
  const std::int32_t* scratch;
  const std::int64_t* byte_offsets;
  const std::int32_t* offsets;
  std::int32_t* ids;

  PTC_BOTH void operator()(std::int64_t i) const {
    const std::int32_t* from = scratch + byte_offsets[i];
    for (std::int32_t k = offsets[i]; k < offsets[i + 1]; k++) ids[k] = from[k - offsets[i]];
  }
};

}  // namespace
}  // namespace partita::cuda

ptc_status ptc_cuda_featurize(void* stream, int32_t bucket_bits, int32_t count, const uint8_t* bytes,
                              const int64_t* byte_offsets, int32_t byte_count, int32_t* scratch, int32_t* ids,
                              int32_t* offsets) {
  using namespace partita;
  return guarded([&] {
    require(bucket_bits >= 1 && bucket_bits <= 30, "ptc_cuda_featurize: bucket_bits must be 1 to 30");
    require(count >= 1 && byte_count >= 0, "ptc_cuda_featurize: no text, or a negative number of bytes");
    cuda::each(stream, count, cuda::Tokenize{bucket_bits, bytes, byte_offsets, scratch, offsets});
    int levels = 0;
    while ((int64_t{1} << levels) <= count) levels++;
    // `ids` is not needed yet: it holds what the running sum has read.
    cuda::stages(stream, 2 * levels, int64_t{count} + 1, cuda::SumUp{offsets, ids});
    cuda::each(stream, count, cuda::MoveTogether{scratch, byte_offsets, offsets, ids});
  });
}
