// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// One type of stored value into another, and the largest magnitude. One pass each.
#pragma once

#include "lanes.h"

namespace partita {

// `scale` is what int8 values are multiplied with.
template <typename From, typename To>
struct Convert {
  static constexpr bool kByRow = false;
  const From* in;
  To* out;
  float scale;
  float inverse, limit;  // 1 / scale, 127 scale
  bool divide;           // because these or a product with them might overflow
  bool past_cache;
};

// Unit: a block of kMagnitudeBlock values, whose largest magnitude goes to partial[unit].
constexpr std::int64_t kMagnitudeBlock = 16384;
template <typename T>
struct LargestMagnitude {
  static constexpr bool kByRow = true;
  const T* values;
  std::int64_t count;
  float* partial;
  std::int64_t bytes_per_row() const { return kMagnitudeBlock * static_cast<std::int64_t>(sizeof(T)); }
};

// Unit: the one result.
struct LargestOfPartials {
  static constexpr bool kByRow = true;
  const float* partial;
  std::int64_t count;
  float* out;
  std::int64_t bytes_per_row() const { return 4 * count; }
};

inline namespace PTC_ISA {

PTC_BOTH PTC_INLINE inline float load(const Int8* p, std::int64_t i) { return static_cast<float>(p[i].value); }

// NaN comes out as it is.
template <typename V>
PTC_BOTH PTC_INLINE inline V cut(V x, float limit) {
  return smaller(V(limit), larger(V(-limit), x));
}

// x / scale, cut to 127. A product with the inverse, and what is missing to x once more: rounded as the quotient is (Markstein
// 1990), and much faster.
template <typename Work, typename V>
PTC_BOTH PTC_INLINE inline V quotient_in_int8(const Work& w, V x) {
  if (w.divide) return cut(x / V(w.scale), 127.0f);
  const V there = cut(x, w.limit);
  const V near = there * V(w.inverse);
  return fused(fused_from(there, near, V(w.scale)), V(w.inverse), near);
}

// To the nearest whole number by adding 1.5 * 2^23, ties to even. |x| <= 127
template <typename V>
PTC_BOTH PTC_INLINE inline V whole(V x) {
  return (x + V(kWhole)) - V(kWhole);
}
PTC_BOTH PTC_INLINE inline void store(Int8* p, std::int64_t i, float x) {
  p[i].value = static_cast<std::int8_t>(x == x ? whole(x) : 0.0f);
}

template <typename From, typename To, typename At>
PTC_BOTH PTC_INLINE inline void element(const Convert<From, To>& w, At i) {
  auto x = load(w.in, i);
  if constexpr (sizeof(From) == 1) x = x * w.scale;
  if constexpr (sizeof(To) == 1) x = quotient_in_int8(w, x);
  store(w.out, i, x, w.past_cache);
}

// To *out. A NaN makes the sum of x * 0 one; so does infinity, which a second look then tells from it.
template <typename M, typename T>
PTC_BOTH PTC_INLINE inline void find_largest_magnitude(const M& machine, const T* values, std::int64_t n, float* out) {
  const float most = machine.largest(n, [&](auto i) PTC_INLINE { return size_of(load(values, i)); });
  const float odd = machine.sum(n, [&](auto i) PTC_INLINE {
    auto x = load(values, i);
    return x * decltype(x)(0.0f);
  });
  machine.once([&] {
    float found = n > 0 ? most : 0.0f;
    if (!(odd == odd)) {
      found = 0;
      for (std::int64_t i = 0; i < n && found == found; i++) {
        float x = size_of(load(values, i));
        found = x == x ? larger(found, x) : x;
      }
    }
    *out = found;
  });
}

template <typename M, typename T>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const LargestMagnitude<T>& w, std::int64_t block) {
  const std::int64_t begin = block * kMagnitudeBlock;
  const std::int64_t n = w.count - begin < kMagnitudeBlock ? w.count - begin : kMagnitudeBlock;
  find_largest_magnitude(machine, w.values + begin, n, w.partial + block);
}

template <typename M>
PTC_BOTH PTC_INLINE inline void row(const M& machine, const LargestOfPartials& w, std::int64_t) {
  find_largest_magnitude(machine, w.partial, w.count, w.out);
}

}  // namespace PTC_ISA
}  // namespace partita
