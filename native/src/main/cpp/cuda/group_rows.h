// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Brings equal rows together: keys (row << 32 | entry) are sorted, the first key of each row is found,
// and a scan numbers the rows. What build and merge have in common.
//
//   keys      [5|0] [2|1] [5|2] [--]     --: not an entry, sorts last
//   sorted    [2|1] [5|0] [5|2] [--]
//   head         1     1     0    0
//   number       1     2     2    2      inclusive scan of head; the last one is the number of rows
#pragma once

#include "launch.h"
#include "unicode.h"

namespace partita::cuda {

constexpr std::uint64_t kNoEntry = ~std::uint64_t{0};

// Views of the caller's work space, each of `padded` values (a power of two).
struct Workspace {
  std::uint64_t* keys;
  std::int32_t* number[2];  // the scan goes to and fro between the two
  std::int32_t* start;      // first key of each row
  int padded;
  int log2;

  static Workspace over(void* memory, std::int32_t entries) {
    Workspace w{};
    w.log2 = log2_of(entries);
    w.padded = 1 << w.log2;
    w.keys = static_cast<std::uint64_t*>(memory);
    w.number[0] = reinterpret_cast<std::int32_t*>(w.keys + w.padded);
    w.number[1] = w.number[0] + w.padded;
    w.start = w.number[1] + w.padded;
    return w;
  }

  static std::int64_t bytes(std::int32_t entries) {
    return (std::int64_t{1} << log2_of(entries)) * static_cast<std::int64_t>(sizeof(std::uint64_t) + 12);
  }

  static int log2_of(std::int32_t entries) {
    int log2 = 0;
    while ((std::int64_t{1} << log2) < entries) log2++;
    return log2;
  }

  // Which of the two buffers holds the finished scan.
  const std::int32_t* numbers() const { return number[log2 % 2]; }
};

// Bitonic sort (Batcher 1968): stage = (k, j) counted off in order.
struct SortKeys {
  std::uint64_t* keys;

  PTC_BOTH void operator()(int stage, std::int64_t i) const {
    int k = 1;
    while (stage >= k) stage -= k++;
    std::int64_t block = std::int64_t{1} << k, distance = std::int64_t{1} << (k - 1 - stage);
    std::int64_t other = i ^ distance;
    if (other < i) return;
    bool ascending = (i & block) == 0;
    std::uint64_t a = keys[i], b = keys[other];
    if ((a > b) == ascending && a != b) {
      keys[i] = b;
      keys[other] = a;
    }
  }
};

struct MarkHeads {
  const std::uint64_t* keys;
  std::int32_t* head;

  PTC_BOTH void operator()(std::int64_t i) const {
    bool first = i == 0 || (keys[i] >> 32) != (keys[i - 1] >> 32);
    head[i] = keys[i] != kNoEntry && first ? 1 : 0;
  }
};

// Inclusive scan (Hillis and Steele 1986).
struct Scan {
  std::int32_t* buffer[2];

  PTC_BOTH void operator()(int stage, std::int64_t i) const {
    const std::int32_t* from = buffer[stage % 2];
    std::int64_t distance = std::int64_t{1} << stage;
    buffer[(stage + 1) % 2][i] = from[i] + (i >= distance ? from[i - distance] : 0);
  }
};

struct StoreRows {
  const std::uint64_t* keys;
  const std::int32_t* number;
  std::int32_t* start;
  std::int32_t* rows;
  std::int32_t* row_count;
  std::int64_t padded;

  PTC_BOTH void operator()(std::int64_t i) const {
    if (i == padded - 1) *row_count = number[i];
    bool head = number[i] != (i == 0 ? 0 : number[i - 1]);
    if (!head) return;
    start[number[i] - 1] = static_cast<std::int32_t>(i);
    rows[number[i] - 1] = static_cast<std::int32_t>(keys[i] >> 32);
  }
};

// From filled keys to rows, starts and the number of rows.
inline void group_rows(void* stream, const Workspace& w, std::int32_t* rows, std::int32_t* row_count) {
  stages(stream, w.log2 * (w.log2 + 1) / 2, w.padded, SortKeys{w.keys});
  each(stream, w.padded, MarkHeads{w.keys, w.number[0]});
  stages(stream, w.log2, w.padded, Scan{{w.number[0], w.number[1]}});
  each(stream, w.padded, StoreRows{w.keys, w.numbers(), w.start, rows, row_count, w.padded});
}

}  // namespace partita::cuda
