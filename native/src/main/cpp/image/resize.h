// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Resize and normalise, as partita_image.h states it. Three works, in this order:
//
//   Taps           unit: one output coordinate; where its inputs begin, and their weights, [taps, out]
//   ResizeRows     unit: one output row; from bytes to float32 rows of the input's width
//   ResizeColumns  unit: one output row of one channel; from those to the output
#pragma once

#include "lanes.h"

namespace partita {

struct UInt8 {
  std::uint8_t value;
};

struct Taps {
  static constexpr bool kByRow = true;
  std::int32_t* first;
  float* weights;  // of tap k for output x at [k * out + x]; 0 where the filter has ended
  std::int64_t in, out, taps;
  std::int64_t bytes_per_row() const { return 8 * taps; }
};

// Most inputs that one output has.
inline std::int64_t taps_of(std::int64_t in, std::int64_t out) {
  return std::int64_t{2} * ((in > out ? (in + out - 1) / out : 1) + 1);
}

struct ResizeRows {
  static constexpr bool kByRow = true;
  const UInt8* pixels;
  std::int64_t row_bytes;  // from one row of pixels to the next
  std::int64_t in_rows, width;  // width counts values: pixels times channels
  const std::int32_t* first;
  const float* weights;
  std::int64_t taps, out_rows;
  float* rows;
  std::int64_t row_step;  // from one of them to the next, 0: they are made and used one after the other
  std::int64_t bytes_per_row() const { return width * (taps + 4); }
};

template <typename T>
struct ResizeColumns {
  static constexpr bool kByRow = true;
  const float* rows;
  std::int64_t row_step;
  const std::int32_t* first;
  const float* weights;
  std::int64_t taps, in_columns, columns, out_rows;
  std::int32_t channels;
  float factor[3], offset[3];
  T* out;
  std::int64_t bytes_per_row() const { return columns * (4 * taps + static_cast<std::int64_t>(sizeof(T))); }
};

inline namespace PTC_ISA {

PTC_BOTH PTC_INLINE inline float load(const UInt8* p, std::int64_t i) { return static_cast<float>(p[i].value); }

// p[index[i] * step + add]
PTC_BOTH PTC_INLINE inline float pick(const float* p, const std::int32_t* index, std::int64_t i, std::int32_t limit,
                                      std::int32_t tap, std::int32_t step, std::int32_t add) {
  std::int32_t at = index[i] + tap;
  return p[static_cast<std::int64_t>(at < limit ? at : limit) * step + add];
}

template <typename M>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const Taps& w, std::int64_t x) {
  machine.once([&] {
    const double scale = static_cast<double>(w.in) / static_cast<double>(w.out);
    const double reach = scale > 1 ? scale : 1;
    const double centre = (static_cast<double>(x) + 0.5) * scale;
    auto from = static_cast<std::int64_t>(centre - reach + 0.5);
    if (from < 0 || centre - reach + 0.5 < 0) from = 0;
    auto to = static_cast<std::int64_t>(centre + reach + 0.5);
    if (to > w.in) to = w.in;
    auto weight = [&](std::int64_t i) {
      double far = (static_cast<double>(i) + 0.5 - centre) / reach;
      if (far < 0) far = -far;
      return far < 1 ? 1 - far : 0.0;
    };
    double sum = 0;
    for (std::int64_t i = from; i < to; i++) sum = sum + weight(i);
    w.first[x] = static_cast<std::int32_t>(from);
    for (std::int64_t k = 0; k < w.taps; k++) {
      w.weights[k * w.out + x] = from + k < to ? static_cast<float>(weight(from + k) / sum) : 0.0f;
    }
  });
}

template <typename M>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const ResizeRows& w, std::int64_t y) {
  float* to = w.rows + y * w.row_step;
  const std::int64_t first = w.first[y];
  machine.each(w.width, [&](auto i) PTC_INLINE {
    auto sum = load(w.pixels + first * w.row_bytes, i) * w.weights[y];
    for (std::int64_t k = 1; k < w.taps && first + k < w.in_rows; k++) {
      sum = sum + load(w.pixels + (first + k) * w.row_bytes, i) * w.weights[k * w.out_rows + y];
    }
    store(to, i, sum);
  });
}

template <typename M, typename T>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const ResizeColumns<T>& w, std::int64_t unit) {
  const std::int64_t y = unit / w.channels;
  const auto c = static_cast<std::int32_t>(unit % w.channels);
  const float* from = w.rows + y * w.row_step;
  T* to = w.out + (c * w.out_rows + y) * w.columns;
  const auto last = static_cast<std::int32_t>(w.in_columns - 1);
  const float factor = w.factor[c], offset = w.offset[c];
  machine.each(w.columns, [&](auto x) PTC_INLINE {
    auto sum = pick(from, w.first, x, last, 0, w.channels, c) * load(w.weights, x);
    for (std::int64_t k = 1; k < w.taps; k++) {
      sum = sum + pick(from, w.first, x, last, static_cast<std::int32_t>(k), w.channels, c) *
                      load(w.weights + k * w.columns, x);
    }
    store(to, x, sum * factor + offset);
  });
}

}  // namespace PTC_ISA
}  // namespace partita
