// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// All kernels that OnCpu can run, and how one machine goes through their units.
#pragma once

#include <memory>
#include <new>
#include <type_traits>

#include "activation.h"
#include "convert.h"
#include "cross_entropy.h"
#include "dropout.h"
#include "embedding_bag.h"
#include "gather.h"
#include "norm.h"
#include "resize.h"
#include "rotary.h"
#include "tree_sum.h"
#include "update.h"

#define PTC_FOR_EACH_DTYPE(X) X(float) X(BFloat16) X(Float16)

#define PTC_LAYERS_OF(T)                                  \
  PTC_RUN(Gelu<T, GeluKind::kErf>)                        \
  PTC_RUN(Gelu<T, GeluKind::kTanh>)                       \
  PTC_RUN(GeluBackward<T, GeluKind::kErf>)                \
  PTC_RUN(GeluBackward<T, GeluKind::kTanh>)               \
  PTC_RUN(Swiglu<T>)                                      \
  PTC_RUN(SwigluBackward<T>)                              \
  PTC_RUN(Dropout<T>)                                     \
  PTC_RUN(Rotary<T, true>)                                \
  PTC_RUN(Rotary<T, false>)                               \
  PTC_RUN(EmbeddingBag<T>)                                \
  PTC_RUN(ResizeColumns<T>)                               \
  PTC_RUN(LargestMagnitude<T>)                            \
  PTC_RUN(Convert<T, float>)                              \
  PTC_RUN(Convert<T, BFloat16>)                           \
  PTC_RUN(Convert<T, Float16>)                            \
  PTC_RUN(Convert<T, Int8>)                               \
  PTC_RUN(Convert<Int8, T>)

#define PTC_ROWS_OF(T)                                    \
  PTC_RUN(CrossEntropy<T>)                                \
  PTC_RUN(NormForward<T, true>)                           \
  PTC_RUN(NormForward<T, false>)                          \
  PTC_RUN(NormBackwardStripe<T, true>)                    \
  PTC_RUN(NormBackwardStripe<T, false>)

#define PTC_OTHERS              \
  PTC_RUN(NormColumnSum<true>)  \
  PTC_RUN(NormColumnSum<false>) \
  PTC_RUN(GatherLines)          \
  PTC_RUN(Taps)                 \
  PTC_RUN(ResizeRows)           \
  PTC_RUN(AdamWUpdates)         \
  PTC_RUN(SgdUpdates)           \
  PTC_RUN(GradientSquares)      \
  PTC_RUN(SumOfPartials)        \
  PTC_RUN(LargestOfPartials)    \
  PTC_RUN(TreeSum<float>)       \
  PTC_RUN(TreeSum<BFloat16>)

namespace partita {
inline namespace PTC_ISA {

// 256 KiB, which stay in the second cache. Rows that need more do without.
constexpr std::int64_t kMostScratch = std::int64_t{1} << 16;

template <typename Work, typename = void>
constexpr bool kWantsScratch = false;
template <typename Work>
constexpr bool kWantsScratch<Work, std::void_t<decltype(&Work::scratch_floats)>> = true;

template <typename Machine, typename Work>
PTC_INLINE inline void run_path(const Work& work, std::int64_t from, std::int64_t to) {
  if constexpr (kWantsScratch<Work>) {
    const std::int64_t one = work.scratch_floats();
    const bool in_turns = !std::is_same_v<Machine, Scalar> && 2 * one <= kMostScratch;
    std::unique_ptr<float[]> scratch;
    if (one <= kMostScratch) scratch.reset(new (std::nothrow) float[in_turns ? 2 * one : one]);
    Machine machine;
    machine.scratch = scratch.get();
    if (in_turns && machine.scratch != nullptr) {
      rows_in_turns(machine, work, from, to);
    } else {
      for (std::int64_t unit = from; unit < to; unit++) row(machine, work, unit);
    }
  } else if constexpr (Work::kByRow) {
    for (std::int64_t unit = from; unit < to; unit++) row(Machine{}, work, unit);
  } else {
    const Work mine = work;  // which no store can change, as the compiler sees
    Machine{}.each(to - from, [&](auto i) PTC_INLINE { element(mine, i + from); });
  }
}

}  // namespace PTC_ISA
}  // namespace partita
