// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Softmax cross-entropy and its gradient. Memory is read and written once: the second and third look at a
// row (maximum; e^x and their sum; gradient) find it in the cache, and ask for the next row meanwhile.
// O(rows * classes), one e^x each, which waits in the machine's scratch, or two where that has no room for a row.
#pragma once

#include "float_functions.h"

namespace partita {

template <typename T>
struct CrossEntropy {
  static constexpr bool kByRow = true;
  const T* logits;
  const std::int64_t* labels;
  float* losses;
  T* d_logits;
  std::int64_t classes;
  float scale;
  bool past_cache;
  std::int64_t scratch_floats() const { return classes; }  // twice as many let rows go in turns
  std::int64_t bytes_per_row() const { return 2 * classes * static_cast<std::int64_t>(sizeof(T)); }
};

inline namespace PTC_ISA {

template <typename M, typename T>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const CrossEntropy<T>& w, std::int64_t r) {
  const T* logits = w.logits + r * w.classes;
  T* d = w.d_logits + r * w.classes;
  const std::int64_t label = w.labels[r];
  if (label == -1) {
    machine.each(w.classes, [&](auto i) PTC_INLINE { store(d, i, decltype(load(d, i))(0.0f)); });
    machine.once([&] { w.losses[r] = 0; });
    return;
  }
  const float nan = float_of(0x7FC00000u);
  if (label < 0 || label >= w.classes) {  // only on the GPU: the host checks before
    machine.each(w.classes, [&](auto i) PTC_INLINE { store(d, i, decltype(load(d, i))(nan)); });
    machine.once([&] { w.losses[r] = nan; });
    return;
  }
  const float most = machine.largest(w.classes, [&](auto i) PTC_INLINE { return load(logits, i); });
  const float at_label = load(logits, label);
  machine.meet();  // d may lie over the logits: all must have seen the label's before it goes
  float* waiting = machine.scratch;
  auto power = [&](auto i) PTC_INLINE { return exponential(load(logits, i) - most); };
  float sum;
  if (waiting != nullptr) {
    sum = machine.sum(w.classes, [&](auto i) PTC_INLINE {
      machine.ahead(logits + w.classes, i);
      auto e = power(i);
      store(waiting, i, e);
      return e;
    });
  } else {
    sum = machine.sum(w.classes, power);
  }
  const float factor = w.scale / sum;
  if (waiting != nullptr) {
    machine.each(w.classes, [&](auto i) PTC_INLINE { store(d, i, load(waiting, i) * factor, w.past_cache); });
  } else {
    machine.each(w.classes, [&](auto i) PTC_INLINE {
      machine.ahead(logits + w.classes, i);
      store(d, i, power(i) * factor, w.past_cache);
    });
  }
  machine.meet();
  machine.once([&] {
    // Not from what was stored, which is rounded in the narrow types.
    store(d, label, exponential(at_label - most) * factor - w.scale);
    w.losses[r] = logarithm(sum) - (at_label - most);
  });
}

// A row whose e^x wait to be written as gradients.
template <typename T>
struct WaitingRow {
  T* d = nullptr;  // null: there is none
  const float* powers = nullptr;
  float factor = 0, at_label = 0;
  std::int64_t label = 0;
};

// The same for rows [from, to) in one thread, with room for the e^x of two rows in scratch: those of one become gradients while
// those of the next are computed, so that memory is written to all the time and not by turns.
template <typename M, typename T>
PTC_BOTH PTC_INLINE inline void rows_in_turns(const M& machine, const CrossEntropy<T>& w, std::int64_t from, std::int64_t to) {
  WaitingRow<T> before;
  auto write = [&](auto i) PTC_INLINE {
    store(before.d, i, load(before.powers, i) * before.factor, w.past_cache);
  };
  auto finish = [&]() PTC_INLINE { store(before.d, before.label, before.at_label); };
  float* powers = machine.scratch;
  float* other = machine.scratch + w.classes;
  for (std::int64_t r = from; r < to; r++) {
    const T* logits = w.logits + r * w.classes;
    const std::int64_t label = w.labels[r];
    if (label == -1) {
      row(machine, w, r);
      continue;
    }
    const float most = machine.largest(w.classes, [&](auto i) PTC_INLINE { return load(logits, i); });
    const float at_label = load(logits, label) - most;
    auto power = [&](auto i) PTC_INLINE {
      machine.ahead(logits + w.classes, i);
      auto e = exponential(load(logits, i) - most);
      store(powers, i, e);
      return e;
    };
    float sum;
    if (before.d == nullptr) {
      sum = machine.sum(w.classes, power);
    } else {
      sum = machine.sum(w.classes, [&](auto i) PTC_INLINE {
        write(i);
        return power(i);
      });
      finish();
    }
    const float factor = w.scale / sum;
    w.losses[r] = logarithm(sum) - at_label;
    before = {w.d_logits + r * w.classes, powers, factor, exponential(at_label) * factor - w.scale, label};
    float* next = other;
    other = powers;
    powers = next;
  }
  if (before.d == nullptr) return;
  machine.each(w.classes, write);
  finish();
}

}  // namespace PTC_ISA
}  // namespace partita
