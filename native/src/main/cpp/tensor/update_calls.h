// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Optimizer steps for the CPU and for the GPU alike: checks, lists of at most 48 tensors, run.
#pragma once

#include <cmath>
#include <string>

#include "update.h"
#include "work.h"

namespace partita {

struct Needs {
  bool m, v;
};

inline void require_updates(const ptc_update* updates, std::int32_t count, Needs needs) {
  require(count >= 0 && (count == 0 || updates != nullptr), "updates is null or their count negative");
  for (std::int32_t k = 0; k < count; k++) {
    const ptc_update& u = updates[k];
    bool there = u.weight != nullptr && u.gradient != nullptr && (!needs.m || u.m != nullptr) &&
                 (!needs.v || u.v != nullptr);
    const char* wrong = nullptr;
    if (u.count < 0 || u.count > std::int64_t{1} << 46) wrong = "count must be 0 to 2^46";
    if (u.count > 0 && !there) wrong = "a pointer is null";
    if (!(u.weight_decay >= 0 && std::isfinite(u.weight_decay))) wrong = "weight_decay must be finite, 0 or above";
    if (u.gradient_dtype < PTC_FLOAT32 || u.gradient_dtype > PTC_FLOAT16) {
      wrong = "gradient_dtype must be PTC_FLOAT32, PTC_BFLOAT16 or PTC_FLOAT16";
    }
    if (wrong != nullptr) throw InvalidArgument("update " + std::to_string(k) + ": " + wrong);
  }
}

inline std::int64_t chunks_of(const ptc_update& u) { return (u.count + kUpdateChunk - 1) / kUpdateChunk; }

inline std::int64_t chunks_of(const ptc_update* updates, std::int32_t count) {
  std::int64_t chunks = 0;
  for (std::int32_t k = 0; k < count; k++) chunks += chunks_of(updates[k]);
  return chunks;
}

// f(list) for lists of at most kUpdatesAtOnce tensors.
template <typename F>
void in_lists(const ptc_update* updates, std::int32_t count, const float* factor, const F& f) {
  for (std::int32_t first = 0; first < count; first += kUpdatesAtOnce) {
    UpdateList list{};
    list.count = std::min(kUpdatesAtOnce, count - first);
    list.factor = factor;
    for (std::int32_t k = 0; k < list.count; k++) {
      list.update[k] = updates[first + k];
      list.first_chunk[k + 1] = list.first_chunk[k] + chunks_of(updates[first + k]);
    }
    f(list, list.first_chunk[list.count]);
  }
}

// partial: room for chunks_of(updates, count) doubles.
template <typename On>
void square_sum_call(const On& on, const ptc_update* updates, std::int32_t count, double* partial, double* out) {
  std::int64_t done = 0;
  in_lists(updates, count, nullptr, [&](const UpdateList& list, std::int64_t chunks) {
    on.run(GradientSquares{list, partial + done}, chunks);
    done += chunks;
  });
  on.run(SumOfPartials{partial, done, out}, 1);
}

inline void require_rate(float learning_rate) {
  require(std::isfinite(learning_rate) && learning_rate >= 0, "learning_rate must be finite, 0 or above");
}
inline void require_momentum(float momentum) {
  require(momentum >= 0 && momentum < 1, "momentum must be 0 to below 1");
}

template <typename On>
void sgd_call(const On& on, const ptc_update* updates, std::int32_t count, const float* factor, float learning_rate,
              float momentum, std::int32_t nesterov) {
  require_rate(learning_rate);
  require_momentum(momentum);
  require_updates(updates, count, {momentum != 0, false});
  in_lists(updates, count, factor, [&](const UpdateList& list, std::int64_t chunks) {
    on.run(SgdUpdates(list, learning_rate, momentum, nesterov != 0), chunks);
  });
}

template <typename On>
void adamw_call(const On& on, const ptc_update* updates, std::int32_t count, const float* factor,
                float learning_rate, float beta1, float beta2, float epsilon, std::int64_t step) {
  require_rate(learning_rate);
  require(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1, "beta1 and beta2 must be 0 to below 1");
  require(epsilon >= 0 && std::isfinite(epsilon), "epsilon must be finite, 0 or above");
  require(step >= 1, "step counts from 1");
  require_updates(updates, count, {true, true});
  AdamWStep constants = AdamWStep::of(learning_rate, beta1, beta2, epsilon, 0, step);
  in_lists(updates, count, factor, [&](const UpdateList& list, std::int64_t chunks) {
    on.run(AdamWUpdates(list, constants, learning_rate), chunks);
  });
}

}  // namespace partita
