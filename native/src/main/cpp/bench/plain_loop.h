// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// What memory gives at best: plain loops that read and write as many streams as a kernel does.
#pragma once

#include <immintrin.h>

#include <cstring>

#include "bench.h"
#include "pool.h"

namespace partita::bench {

// A kernel's traffic, per element: streams of values of so many bytes, read and written. `in_place`: what is
// written are the first of the streams that are read, so it passes through the cache; else it may go past it.
struct Traffic {
  int reads, read_bytes, writes, write_bytes;
  bool in_place;
  double bytes() const { return reads * read_bytes + writes * write_bytes; }
};

constexpr int kMostStreams = 4;
constexpr std::int64_t kCount = std::int64_t{1} << 24;  // elements: 64 MiB of float32, twice the last cache

struct Streams {
  const char* read[kMostStreams];
  char* write[kMostStreams];
};

// Elements [from, to), 64 at a time: kReads streams of kRead vectors, kWrites of kWrite.
template <int kReads, int kRead, int kWrites, int kWrite, bool kPastCache>
__attribute__((target("avx2"))) void plain_loop(const Streams& s, std::int64_t from, std::int64_t to, float* sink) {
  __m256 kept = _mm256_setzero_ps();
  for (std::int64_t block = from / 64; block < to / 64; block++) {
    __m256 sum[8] = {};
    for (int k = 0; k < 8; k++) sum[k] = kept;
    for (int r = 0; r < kReads; r++) {
      const auto* from_stream = reinterpret_cast<const float*>(s.read[r] + block * kRead * 32);
#pragma GCC unroll 8
      for (int k = 0; k < kRead; k++) sum[k] = _mm256_add_ps(sum[k], _mm256_loadu_ps(from_stream + 8 * k));
    }
    for (int w = 0; w < kWrites; w++) {
      auto* to_stream = reinterpret_cast<float*>(s.write[w] + block * kWrite * 32);
#pragma GCC unroll 8
      for (int k = 0; k < kWrite; k++) {
        if (kPastCache) {
          _mm256_stream_ps(to_stream + 8 * k, sum[k % kRead]);
        } else {
          _mm256_storeu_ps(to_stream + 8 * k, sum[k % kRead]);
        }
      }
    }
    if (kWrites == 0) {
#pragma GCC unroll 8
      for (int k = 0; k < kRead; k++) kept = _mm256_max_ps(kept, sum[k]);
    }
  }
  _mm_sfence();
  if (kWrites == 0) _mm256_storeu_ps(sink, kept);
}

// The streams of all plain loops, and the loop for a kernel's traffic.
class PlainLoops {
 public:
  PlainLoops() {
    for (int k = 0; k < kMostStreams; k++) streams_.read[k] = reinterpret_cast<const char*>(in_[k].data());
    for (int k = 0; k < 2; k++) streams_.write[k] = reinterpret_cast<char*>(out_[k].data());
  }

  // One pass over kCount elements.
  void run(ptc_pool* pool, const Traffic& t, bool past_cache) {
    Streams s = streams_;
    if (t.in_place) {
      for (int w = 0; w < t.writes; w++) s.write[w] = const_cast<char*>(s.read[w]);
    }
    auto loop = choose(t, past_cache && !t.in_place);
    in_parts(pool, kCount, std::int64_t{1} << 15, [&](std::int64_t from, std::int64_t to) {
      float sink[8];
      loop(s, from, to, sink);
    });
  }

 private:
  using Loop = void (*)(const Streams&, std::int64_t, std::int64_t, float*);

  template <int kReads, int kRead, int kWrites, int kWrite>
  static Loop either(bool past_cache) {
    return past_cache ? plain_loop<kReads, kRead, kWrites, kWrite, true>
                      : plain_loop<kReads, kRead, kWrites, kWrite, false>;
  }
  static Loop choose(const Traffic& t, bool past_cache) {
    switch (t.reads * 1000 + t.read_bytes * 100 + t.writes * 10 + t.write_bytes) {
      case 1404: return either<1, 8, 0, 8>(false);
      case 1414: return either<1, 8, 1, 8>(past_cache);
      case 1412: return either<1, 8, 1, 4>(past_cache);
      case 1411: return either<1, 8, 1, 2>(past_cache);
      case 1214: return either<1, 4, 1, 8>(past_cache);
      case 1114: return either<1, 2, 1, 8>(past_cache);
      case 1212: return either<1, 4, 1, 4>(past_cache);
      case 2414: return either<2, 8, 1, 8>(past_cache);
      case 2212: return either<2, 4, 1, 4>(past_cache);
      case 3424: return either<3, 8, 2, 8>(past_cache);
      case 3222: return either<3, 4, 2, 4>(past_cache);
      case 4434: return either<4, 8, 3, 8>(past_cache);
      default: std::fprintf(stderr, "no plain loop for this traffic\n"); std::exit(2);
    }
  }

  Array<float> in_[kMostStreams] = {Array<float>(kCount), Array<float>(kCount), Array<float>(kCount),
                                    Array<float>(kCount)};
  Array<float> out_[2] = {Array<float>(kCount), Array<float>(kCount)};
  Streams streams_{};
};

}  // namespace partita::bench
