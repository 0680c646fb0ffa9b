// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// LayerNorm and RMSNorm (kCentred = false). A row stays in the cache while it is read a second and third
// time, so that memory is read and written once; the next row is asked for meanwhile.  O(rows * columns).
//
// The gradients of gamma and beta are sums over rows: stripe s of 64 adds up its rows one after the
// other, and the stripes are added in their order. On the CPU a stripe's rows get their d_x in the same
// pass (NormBackwardStripe); the GPU has a warp for each row and then a thread for each column of a stripe.
#pragma once

#include "lanes.h"

namespace partita {

constexpr int kNormStripes = 64;

template <typename T, bool kCentred>
struct NormForward {
  static constexpr bool kByRow = true;
  const T* x;
  const float* gamma;  // null: 1
  const float* beta;   // null: 0
  T* y;
  float* mean;
  float* rstd;
  std::int64_t columns;
  float epsilon;
  bool past_cache;
  std::int64_t bytes_per_row() const { return 2 * columns * static_cast<std::int64_t>(sizeof(T)); }
};

template <typename T, bool kCentred>
struct NormBackward {
  static constexpr bool kByRow = true;
  const T* d_y;
  const T* x;
  const float* gamma;
  const float* mean;
  const float* rstd;
  T* d_x;
  std::int64_t rows, columns;
  bool past_cache;
  std::int64_t bytes_per_row() const { return 3 * columns * static_cast<std::int64_t>(sizeof(T)); }

  // Always inline: a function outside PTC_ISA must not exist once for all instruction sets.
  PTC_BOTH PTC_INLINE std::int64_t stripe_begin(std::int64_t stripe) const {
    std::int64_t share = rows / kNormStripes, rest = rows % kNormStripes;
    return stripe * share + (stripe < rest ? stripe : rest);
  }
};

// Unit: a stripe. partial [stripes, 2, columns]: of gamma, then of beta.
template <typename T, bool kCentred>
struct NormBackwardStripe {
  static constexpr bool kByRow = true;
  NormBackward<T, kCentred> rows;
  float* partial;
  std::int64_t bytes_per_row() const { return std::int64_t{1} << 18; }
};

// Unit: a column of a stripe (element stripe * columns + column).
template <typename T, bool kCentred>
struct NormPartial {
  static constexpr bool kByRow = false;
  NormBackward<T, kCentred> rows;
  float* partial;
};

// Unit: a column.
template <bool kCentred>
struct NormColumnSum {
  static constexpr bool kByRow = false;
  const float* partial;
  float* d_gamma;
  float* d_beta;
  std::int64_t columns;
};

inline namespace PTC_ISA {

template <typename M, typename T, bool kCentred>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const NormForward<T, kCentred>& w, std::int64_t r) {
  const T* x = w.x + r * w.columns;
  T* y = w.y + r * w.columns;
  const auto n = static_cast<float>(w.columns);
  [[maybe_unused]] float mean = 0;
  if constexpr (kCentred) mean = machine.sum(w.columns, [&](auto i) PTC_INLINE { return load(x, i); }) / n;
  float square = machine.sum(w.columns, [&](auto i) PTC_INLINE {
    if constexpr (kCentred) machine.ahead(x + w.columns, i);
    auto d = load(x, i);
    if constexpr (kCentred) d = d - mean;
    return d * d;
  }) / n;
  const float rstd = 1.0f / root(square + w.epsilon);
  auto write = [&](auto i, auto gamma, auto beta) PTC_INLINE {
    if constexpr (!kCentred) machine.ahead(x + w.columns, i);
    auto d = load(x, i);
    if constexpr (kCentred) d = d - mean;
    d = (d * rstd) * gamma;
    if constexpr (kCentred) d = d + beta;
    store(y, i, d, w.past_cache);
  };
  if (w.gamma != nullptr && w.beta != nullptr) {
    machine.each(w.columns, [&](auto i) PTC_INLINE { write(i, load(w.gamma, i), load(w.beta, i)); });
  } else if (w.gamma != nullptr) {
    machine.each(w.columns, [&](auto i) PTC_INLINE { write(i, load(w.gamma, i), 0.0f); });
  } else if (w.beta != nullptr) {
    machine.each(w.columns, [&](auto i) PTC_INLINE { write(i, 1.0f, load(w.beta, i)); });
  } else {
    machine.each(w.columns, [&](auto i) PTC_INLINE { write(i, 1.0f, 0.0f); });
  }
  machine.once([&] {
    if constexpr (kCentred) w.mean[r] = mean;
    w.rstd[r] = rstd;
  });
}

// How far x lies from the row's mean, in standard deviations.
template <typename T, bool kCentred, typename At>
PTC_BOTH PTC_INLINE inline auto normalised(const NormBackward<T, kCentred>& w, std::int64_t r, At i) {
  auto d = load(w.x + r * w.columns, i);
  if constexpr (kCentred) d = d - w.mean[r];
  return d * w.rstd[r];
}

template <typename M, typename T, bool kCentred, typename Also>
PTC_BOTH PTC_INLINE inline void backward_row(const M& machine, const NormBackward<T, kCentred>& w,
                                             std::int64_t r, const Also& also) {
  const T* d_y = w.d_y + r * w.columns;
  T* d_x = w.d_x + r * w.columns;
  const auto n = static_cast<float>(w.columns);
  const float rstd = w.rstd[r];
  auto with_gamma = [&](auto gamma_at) PTC_INLINE {
    auto g = [&](auto i) PTC_INLINE { return load(d_y, i) * gamma_at(i); };
    [[maybe_unused]] float mean_g = 0;
    float mean_gx;
    if constexpr (kCentred) {
      Pair<float> sums = machine.sums(w.columns, [&](auto i) PTC_INLINE {
        machine.ahead(w.x + (r + 1) * w.columns, i);
        auto at = g(i);
        return Pair<decltype(at)>{at, at * normalised(w, r, i)};
      });
      mean_g = sums.first / n;
      mean_gx = sums.second / n;
    } else {
      mean_gx = machine.sum(w.columns, [&](auto i) PTC_INLINE {
        machine.ahead(w.x + (r + 1) * w.columns, i);
        return g(i) * normalised(w, r, i);
      }) / n;
    }
    machine.each(w.columns, [&](auto i) PTC_INLINE {
      machine.ahead(d_y + w.columns, i);
      auto x = normalised(w, r, i);
      auto dy = load(d_y, i);
      auto centred = dy * gamma_at(i);
      if constexpr (kCentred) centred = centred - mean_g;
      also(i, dy, x);  // before d_x, which may lie over d_y
      store(d_x, i, (centred - x * mean_gx) * rstd, w.past_cache);
    });
  };
  if (w.gamma != nullptr) {
    with_gamma([&](auto i) PTC_INLINE { return load(w.gamma, i); });
  } else {
    with_gamma([](auto) PTC_INLINE { return 1.0f; });
  }
}

template <typename M, typename T, bool kCentred>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const NormBackward<T, kCentred>& w, std::int64_t r) {
  backward_row(machine, w, r, [](auto, auto, auto) PTC_INLINE {});
}

template <typename M, typename T, bool kCentred>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const NormBackwardStripe<T, kCentred>& w,
                                    std::int64_t stripe) {
  const std::int64_t columns = w.rows.columns;
  float* d_gamma = w.partial + stripe * 2 * columns;
  float* d_beta = d_gamma + columns;
  for (std::int64_t c = 0; c < 2 * columns; c++) d_gamma[c] = 0;
  for (std::int64_t r = w.rows.stripe_begin(stripe); r < w.rows.stripe_begin(stripe + 1); r++) {
    backward_row(machine, w.rows, r, [&](auto i, auto dy, auto x) PTC_INLINE {
      store(d_gamma, i, load(d_gamma, i) + dy * x);
      if constexpr (kCentred) store(d_beta, i, load(d_beta, i) + dy);
    });
  }
}

template <typename T, bool kCentred>
PTC_BOTH inline void element(const NormPartial<T, kCentred>& w, std::int64_t unit) {
  const std::int64_t columns = w.rows.columns, stripe = unit / columns, c = unit % columns;
  float d_gamma = 0, d_beta = 0;
  for (std::int64_t r = w.rows.stripe_begin(stripe); r < w.rows.stripe_begin(stripe + 1); r++) {
    float dy = load(w.rows.d_y, r * columns + c);
    d_gamma += dy * normalised(w.rows, r, c);
    d_beta += dy;
  }
  w.partial[stripe * 2 * columns + c] = d_gamma;
  w.partial[stripe * 2 * columns + columns + c] = d_beta;
}

template <bool kCentred, typename At>
PTC_BOTH PTC_INLINE inline void element(const NormColumnSum<kCentred>& w, At c) {
  auto d_gamma = load(w.partial, c);
  auto d_beta = load(w.partial + w.columns, c);
  for (std::int64_t s = 1; s < kNormStripes; s++) {
    d_gamma = d_gamma + load(w.partial + s * 2 * w.columns, c);
    d_beta = d_beta + load(w.partial + (s * 2 + 1) * w.columns, c);
  }
  if (w.d_gamma != nullptr) store(w.d_gamma, c, d_gamma);
  if constexpr (kCentred) {
    if (w.d_beta != nullptr) store(w.d_beta, c, d_beta);
  }
}

}  // namespace PTC_ISA
}  // namespace partita
