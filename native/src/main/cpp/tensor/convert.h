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

// Rounded by adding 1.5 * 2^23, which leaves whole numbers, ties to even; NaN is not less than itself.
template <typename V>
PTC_BOTH PTC_INLINE inline V whole_in_int8(V x) {
  const V kShift(12582912.0f);
  V cut = smaller(V(127.0f), larger(V(-127.0f), x));
  return (cut + kShift) - kShift;
}
PTC_BOTH PTC_INLINE inline void store(Int8* p, std::int64_t i, float x) {
  p[i].value = static_cast<std::int8_t>(x == x ? whole_in_int8(x) : 0.0f);
}

template <typename From, typename To, typename At>
PTC_BOTH PTC_INLINE inline void element(const Convert<From, To>& w, At i) {
  auto x = load(w.in, i);
  if constexpr (sizeof(From) == 1) x = x * w.scale;
  if constexpr (sizeof(To) == 1) x = x / w.scale;
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
