// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Optimizer steps over a list of tensors. Unit: a chunk of 16,384 values of one of them. One pass: AdamW
// moves 28 bytes a parameter (4 read, 3 written, float32), 2 less with narrow gradients, 2 more for a
// bfloat16 copy.
#pragma once

#include "float_kernels.h"
#include "lanes.h"
#include "partita_optimizer.h"

namespace partita {

// A launch on the GPU carries its list in its arguments (4 KiB); longer ones are cut.
constexpr std::int32_t kUpdatesAtOnce = 48;
constexpr std::int64_t kUpdateChunk = 16384;

struct UpdateList {
  ptc_update update[kUpdatesAtOnce];
  std::int64_t first_chunk[kUpdatesAtOnce + 1];  // of each update; then their number
  std::int32_t count;
  const float* factor;

  // Always inline: a function outside PTC_ISA must not exist once for all instruction sets.
  PTC_BOTH PTC_INLINE std::int32_t of_chunk(std::int64_t chunk) const {
    std::int32_t low = 0, high = count - 1;
    while (low < high) {
      std::int32_t middle = (low + high) / 2;
      if (first_chunk[middle + 1] <= chunk) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
};

struct ByChunk {
  static constexpr bool kByRow = true;
  static constexpr int kGpuThreads = 256;
  std::int64_t bytes_per_row() const { return 28 * kUpdateChunk; }
};

struct AdamWUpdates : ByChunk {
  AdamWUpdates(const UpdateList& all, const AdamWStep& constants, float rate)
      : list(all), step(constants), learning_rate(rate) {}
  UpdateList list;
  AdamWStep step;  // but for `keep`, which depends on the tensor
  float learning_rate;
};

struct SgdUpdates : ByChunk {
  SgdUpdates(const UpdateList& all, float rate, float share, bool ahead)
      : list(all), learning_rate(rate), momentum(share), nesterov(ahead) {}
  UpdateList list;
  float learning_rate, momentum;
  bool nesterov;
};

// Squares of one chunk each, to partial[first + chunk].
struct GradientSquares {
  static constexpr bool kByRow = true;
  UpdateList list;
  double* partial;
  std::int64_t bytes_per_row() const { return 4 * kUpdateChunk; }
};

// Chunks' sums in 32 lanes, as everywhere. Unit: the one sum.
struct SumOfPartials {
  static constexpr bool kByRow = true;
  const double* partial;
  std::int64_t count;
  double* out;
  std::int64_t bytes_per_row() const { return 8 * count; }
};

inline namespace PTC_ISA {

template <typename V>
PTC_BOTH PTC_INLINE inline void adamw(V& weight, V& m, V& v, V g, const AdamWStep& s, float keep) {
  m = V(s.beta1) * m + V(s.one_minus_beta1) * g;
  v = V(s.beta2) * v + (V(s.one_minus_beta2) * g) * g;
  V denominator = root(v * V(s.v_correction)) + V(s.epsilon);
  weight = weight * V(keep) - (V(s.step_size) * m) / denominator;
}

// f(gradient, n, offset) with the gradient's type; n values of the update from offset on.
template <typename F>
PTC_BOTH PTC_INLINE inline void with_chunk(const UpdateList& list, std::int64_t chunk, const F& f) {
  const std::int32_t k = list.of_chunk(chunk);
  const ptc_update& u = list.update[k];
  const std::int64_t offset = (chunk - list.first_chunk[k]) * kUpdateChunk;
  const std::int64_t n = u.count - offset < kUpdateChunk ? u.count - offset : kUpdateChunk;
  if (u.gradient_dtype == PTC_BFLOAT16) {
    f(u, static_cast<const BFloat16*>(u.gradient) + offset, n, offset);
  } else if (u.gradient_dtype == PTC_FLOAT16) {
    f(u, static_cast<const Float16*>(u.gradient) + offset, n, offset);
  } else {
    f(u, static_cast<const float*>(u.gradient) + offset, n, offset);
  }
}

template <typename M>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const AdamWUpdates& w, std::int64_t chunk) {
  const float factor = w.list.factor != nullptr ? *w.list.factor : 1.0f;
  if (!(factor == factor)) return;
  with_chunk(w.list, chunk, [&](const ptc_update& u, auto* gradient, std::int64_t n, std::int64_t offset) PTC_INLINE {
    float* weight = u.weight + offset;
    float* m = u.m + offset;
    float* v = u.v + offset;
    auto* copy = reinterpret_cast<BFloat16*>(u.bfloat16_weight);
    const float keep = 1.0f - w.learning_rate * u.weight_decay;
    auto step = [&](auto i) PTC_INLINE {
      auto weight_i = load(weight, i), m_i = load(m, i), v_i = load(v, i);
      adamw(weight_i, m_i, v_i, load(gradient, i) * factor, w.step, keep);
      store(m, i, m_i);
      store(v, i, v_i);
      store(weight, i, weight_i);
      return weight_i;
    };
    if (copy == nullptr) {
      machine.each(n, step);
    } else {
      machine.each(n, [&](auto i) PTC_INLINE { store(copy + offset, i, step(i)); });
    }
  });
}

template <typename M>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const SgdUpdates& w, std::int64_t chunk) {
  const float factor = w.list.factor != nullptr ? *w.list.factor : 1.0f;
  if (!(factor == factor)) return;
  with_chunk(w.list, chunk, [&](const ptc_update& u, auto* gradient, std::int64_t n, std::int64_t offset) PTC_INLINE {
    float* weight = u.weight + offset;
    float* m = w.momentum != 0 ? u.m + offset : nullptr;
    auto* copy = reinterpret_cast<BFloat16*>(u.bfloat16_weight);
    const float keep = 1.0f - w.learning_rate * u.weight_decay;
    machine.each(n, [&](auto i) PTC_INLINE {
      auto g = load(gradient, i) * factor;
      if (m != nullptr) {
        auto m_i = load(m, i) * w.momentum + g;
        store(m, i, m_i);
        g = w.nesterov ? g + m_i * w.momentum : m_i;
      }
      auto weight_i = load(weight, i) * keep - g * w.learning_rate;
      store(weight, i, weight_i);
      if (copy != nullptr) store(copy + offset, i, weight_i);
    });
  });
}

template <typename M>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const GradientSquares& w, std::int64_t chunk) {
  with_chunk(w.list, chunk, [&](const ptc_update&, auto* gradient, std::int64_t n, std::int64_t) PTC_INLINE {
    double sum = machine.sum_of_squares(n, [&](auto i) PTC_INLINE { return load(gradient, i); });
    machine.once([&] { w.partial[chunk] = sum; });
  });
}

template <typename M>
PTC_BOTH inline void row(const M& machine, const SumOfPartials& w, std::int64_t) {
  double sum = machine.sum_of_doubles(w.partial, w.count);
  machine.once([&] { *w.out = sum; });
}

// What unscales and clips gradients; NaN if their squares are not finite.
PTC_BOTH inline float gradient_factor(double square_sum, float loss_scale, float max_norm) {
  if (!(square_sum <= 1.7976931348623157e308)) return float_of(0x7FC00000u);
  double unscale = 1.0 / loss_scale;
  double norm = sqrt(square_sum) * unscale;
  return static_cast<float>(max_norm > 0 && norm > max_norm ? unscale * (max_norm / norm) : unscale);
}

}  // namespace PTC_ISA
}  // namespace partita
