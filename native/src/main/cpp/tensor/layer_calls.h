// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// From the arguments of a C function to its work, for the CPU and for the GPU alike: checks, choice of the
// type, run. `On` is OnCpu (work.h) or OnGpu (cuda/on_gpu.h). What lies on the GPU cannot be looked at here:
// labels, ids and positions are checked on the CPU only, and make NaN on the GPU.
#pragma once

#include <cmath>

#include "activation.h"
#include "bags.h"
#include "convert.h"
#include "cross_entropy.h"
#include "dropout.h"
#include "embedding_bag.h"
#include "norm.h"
#include "rotary.h"
#include "work.h"

namespace partita {

// p as a pointer to what `type` points to.
template <typename To>
const To* typed(const To* /*type*/, const void* p) {
  return static_cast<const To*>(p);
}

template <typename T>
std::int64_t bytes_of(const T* /*type*/, std::int64_t count) {
  return count * static_cast<std::int64_t>(sizeof(T));
}

inline void require_pointers(bool none_null, std::int64_t count, const char* message) {
  require(count == 0 || none_null, message);
}

template <typename On, GeluKind kKind>
void gelu_of(const On& on, std::int32_t dtype, const void* x, std::int64_t count, void* y) {
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    on.run(Gelu<T, kKind>{typed(type, x), static_cast<T*>(y), on.past_cache(y, x, bytes_of(type, count))}, count);
  });
}

template <typename On>
void gelu_call(const On& on, std::int32_t dtype, std::int32_t kind, const void* x, std::int64_t count, void* y) {
  require_count(count, "gelu: count must be 0 to 2^46");
  require_pointers(x != nullptr && y != nullptr, count, "gelu: x or y is null");
  require(kind == PTC_GELU_ERF || kind == PTC_GELU_TANH, "gelu: kind must be PTC_GELU_ERF or PTC_GELU_TANH");
  auto call = kind == PTC_GELU_ERF ? gelu_of<On, GeluKind::kErf> : gelu_of<On, GeluKind::kTanh>;
  call(on, dtype, x, count, y);
}

template <typename On, GeluKind kKind>
void gelu_backward_of(const On& on, std::int32_t dtype, const void* d_y, const void* x, std::int64_t count,
                      void* d_x) {
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    on.run(GeluBackward<T, kKind>{typed(type, d_y), typed(type, x), static_cast<T*>(d_x),
                                  on.past_cache(d_x, d_y, bytes_of(type, count))},
           count);
  });
}

template <typename On>
void gelu_backward_call(const On& on, std::int32_t dtype, std::int32_t kind, const void* d_y, const void* x,
                        std::int64_t count, void* d_x) {
  require_count(count, "gelu_backward: count must be 0 to 2^46");
  require_pointers(d_y != nullptr && x != nullptr && d_x != nullptr, count, "gelu_backward: a pointer is null");
  require(kind == PTC_GELU_ERF || kind == PTC_GELU_TANH,
          "gelu_backward: kind must be PTC_GELU_ERF or PTC_GELU_TANH");
  auto call = kind == PTC_GELU_ERF ? gelu_backward_of<On, GeluKind::kErf> : gelu_backward_of<On, GeluKind::kTanh>;
  call(on, dtype, d_y, x, count, d_x);
}

template <typename On>
void swiglu_call(const On& on, std::int32_t dtype, const void* gate, const void* up, std::int64_t count, void* y) {
  require_count(count, "swiglu: count must be 0 to 2^46");
  require_pointers(gate != nullptr && up != nullptr && y != nullptr, count, "swiglu: a pointer is null");
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    bool past = y != up && on.past_cache(y, gate, bytes_of(type, count));
    on.run(Swiglu<T>{typed(type, gate), typed(type, up), static_cast<T*>(y), past}, count);
  });
}

template <typename On>
void swiglu_backward_call(const On& on, std::int32_t dtype, const void* d_y, const void* gate, const void* up,
                          std::int64_t count, void* d_gate, void* d_up) {
  require_count(count, "swiglu_backward: count must be 0 to 2^46");
  require_pointers(d_y != nullptr && gate != nullptr && up != nullptr && d_gate != nullptr && d_up != nullptr, count,
                   "swiglu_backward: a pointer is null");
  require(count == 0 || d_gate != d_up, "swiglu_backward: d_gate and d_up are the same");
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    std::int64_t bytes = bytes_of(type, count);
    bool past = on.past_cache(d_gate, gate, bytes) && on.past_cache(d_up, up, bytes);
    for (const void* in : {d_y, gate, up}) past = past && d_gate != in && d_up != in;
    on.run(SwigluBackward<T>{typed(type, d_y), typed(type, gate), typed(type, up), static_cast<T*>(d_gate),
                             static_cast<T*>(d_up), past},
           count);
  });
}

template <typename On>
void dropout_call(const On& on, std::int32_t dtype, const void* x, std::int64_t count, float probability,
                  std::int64_t seed, std::int64_t offset, void* y) {
  require_count(count, "dropout: count must be 0 to 2^46");
  require_pointers(x != nullptr && y != nullptr, count, "dropout: x or y is null");
  require(probability >= 0 && probability < 1, "dropout: probability must be 0 to below 1");
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    Dropout<T> work{};
    work.x = typed(type, x);
    work.y = static_cast<T*>(y);
    work.count = count;
    work.factor = static_cast<float>(1.0 / (1.0 - static_cast<double>(probability)));
    work.threshold = static_cast<std::uint32_t>(static_cast<double>(probability) * 4294967296.0);
    auto low = static_cast<std::uint32_t>(seed);
    auto high = static_cast<std::uint32_t>(static_cast<std::uint64_t>(seed) >> 32);
    for (int round = 0; round < kPhiloxRounds; round++) {
      work.key[2 * round] = low + static_cast<std::uint32_t>(round) * 0x9E3779B9u;
      work.key[2 * round + 1] = high + static_cast<std::uint32_t>(round) * 0xBB67AE85u;
    }
    work.offset[0] = static_cast<std::uint32_t>(offset);
    work.offset[1] = static_cast<std::uint32_t>(static_cast<std::uint64_t>(offset) >> 32);
    work.past_cache = on.past_cache(y, x, bytes_of(type, count));
    on.run(work, work.blocks());
  });
}

template <typename On>
void cross_entropy_call(const On& on, std::int32_t dtype, const void* logits, const std::int64_t* labels,
                        std::int64_t rows, std::int64_t classes, float scale, float* losses, void* d_logits) {
  require_shape(rows, classes, "softmax_cross_entropy: rows or classes is out of range");
  require_pointers(logits != nullptr && labels != nullptr && losses != nullptr && d_logits != nullptr, rows,
                   "softmax_cross_entropy: a pointer is null");
  require(std::isfinite(scale), "softmax_cross_entropy: scale must be finite");
  if constexpr (!On::kGpu) {
    for (std::int64_t r = 0; r < rows; r++) {
      if (labels[r] < -1 || labels[r] >= classes) {
        throw InvalidArgument(said("softmax_cross_entropy: label ", labels[r]) + said(" of row ", r) +
                              said(" is not below the number of classes, ", classes));
      }
    }
  }
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    on.run(CrossEntropy<T>{typed(type, logits), labels, losses, static_cast<T*>(d_logits), classes, scale,
                           on.past_cache(d_logits, logits, bytes_of(type, rows * classes), bytes_of(type, classes))},
           rows);
  });
}

template <bool kCentred, typename On>
void norm_call(const On& on, std::int32_t dtype, const void* x, const float* gamma, const float* beta,
               std::int64_t rows, std::int64_t columns, float epsilon, void* y, float* mean, float* rstd) {
  require_shape(rows, columns, "norm: rows or columns is out of range");
  require_pointers(x != nullptr && y != nullptr && rstd != nullptr && (!kCentred || mean != nullptr), rows,
                   "norm: a pointer is null");
  require(epsilon >= 0 && std::isfinite(epsilon), "norm: epsilon must be finite, 0 or above");
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    bool past = on.past_cache(y, x, bytes_of(type, rows * columns), bytes_of(type, columns));
    on.run(NormForward<T, kCentred>{typed(type, x), gamma, beta, static_cast<T*>(y), mean, rstd, columns, epsilon,
                                    past},
           rows);
  });
}

// partial: work space of 2 * kNormStripes * columns floats.
template <bool kCentred, typename On>
void norm_backward_call(const On& on, std::int32_t dtype, const void* d_y, const void* x, const float* gamma,
                        const float* mean, const float* rstd, std::int64_t rows, std::int64_t columns, void* d_x,
                        float* d_gamma, float* d_beta, float* partial) {
  require_pointers(
      d_y != nullptr && x != nullptr && d_x != nullptr && rstd != nullptr && (!kCentred || mean != nullptr), rows,
      "norm_backward: a pointer is null");
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    bool past = on.past_cache(d_x, d_y, bytes_of(type, rows * columns), bytes_of(type, columns));
    NormBackward<T, kCentred> each_row{typed(type, d_y), typed(type, x), gamma,   mean, rstd,
                                       static_cast<T*>(d_x), rows,       columns, past};
    if constexpr (On::kGpu) {
      on.run(NormPartial<T, kCentred>{each_row, partial}, kNormStripes * columns);  // before d_x, which may be d_y
      on.run(each_row, rows);
    } else {
      on.run(NormBackwardStripe<T, kCentred>{each_row, partial}, kNormStripes);
    }
    on.run(NormColumnSum<kCentred>{partial, d_gamma, d_beta, columns}, columns);
  });
}

template <typename On>
void rotary_call(const On& on, std::int32_t dtype, std::int32_t kind, std::int32_t backward, const void* x,
                 const std::int32_t* positions, std::int64_t tokens, std::int64_t heads, std::int64_t head_dim,
                 const float* table, std::int64_t table_positions, void* y) {
  require(head_dim >= 2 && head_dim <= 65536 && head_dim % 2 == 0, "rotary: head_dim must be even, 2 to 65536");
  require(heads >= 1 && heads <= 65536, "rotary: heads must be 1 to 65536");
  require_shape(tokens, heads * head_dim, "rotary: tokens is out of range");
  require_pointers(x != nullptr && y != nullptr && positions != nullptr && table != nullptr, tokens,
                   "rotary: a pointer is null");
  require(kind == PTC_ROTARY_HALVES || kind == PTC_ROTARY_PAIRS,
          "rotary: kind must be PTC_ROTARY_HALVES or PTC_ROTARY_PAIRS");
  if constexpr (!On::kGpu) {
    for (std::int64_t t = 0; t < tokens; t++) {
      if (positions[t] < 0 || positions[t] >= table_positions) {
        throw InvalidArgument(said("rotary: position ", positions[t]) + said(" of token ", t) +
                              said(" is not in the table of ", table_positions));
      }
    }
  }
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    float direction = backward != 0 ? -1.0f : 1.0f;
    bool past = on.past_cache(y, x, bytes_of(type, tokens * heads * head_dim), bytes_of(type, head_dim / 2));
    if (kind == PTC_ROTARY_HALVES) {
      on.run(Rotary<T, true>{typed(type, x), static_cast<T*>(y), positions, table, heads, head_dim / 2,
                             table_positions, direction, past},
             tokens * heads);
    } else {
      on.run(Rotary<T, false>{typed(type, x), static_cast<T*>(y), positions, table, heads, head_dim / 2,
                              table_positions, direction, past},
             tokens * heads);
    }
  });
}

template <typename On>
void embedding_bag_call(const On& on, std::int32_t dtype, const void* weight, std::int64_t rows, std::int64_t dim,
                        const std::int32_t* ids, std::int32_t id_count, const std::int32_t* offsets,
                        std::int32_t bags, std::int32_t mode, float* out) {
  require_shape(rows, dim, "embedding_bag: rows or dim is out of range");
  require(bags >= 0 && id_count >= 0, "embedding_bag: bags or id_count is negative");
  require_pointers(offsets != nullptr && out != nullptr, bags, "embedding_bag: offsets or out is null");
  require_pointers(weight != nullptr && ids != nullptr, id_count, "embedding_bag: weight or ids is null");
  require(mode == PTC_BAG_SUM || mode == PTC_BAG_MEAN, "embedding_bag: mode must be PTC_BAG_SUM or PTC_BAG_MEAN");
  if constexpr (!On::kGpu) {
    if (bags > 0) require_bags(ids, id_count, offsets, bags, rows);
  }
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    on.run(EmbeddingBag<T>{typed(type, weight), ids, offsets, out, rows, dim, bags, mode == PTC_BAG_MEAN}, bags);
  });
}

// ---- conversion ---------------------------------------------------------------------------------

template <typename F>
void with_any_dtype(std::int32_t dtype, const F& f) {
  if (dtype == PTC_INT8) return f(static_cast<Int8*>(nullptr));
  with_dtype(dtype, f);
}

template <typename On>
void convert_call(const On& on, std::int32_t in_dtype, const void* in, std::int32_t out_dtype, void* out,
                  std::int64_t count, float scale) {
  require_count(count, "convert: count must be 0 to 2^46");
  require_pointers(in != nullptr && out != nullptr, count, "convert: in or out is null");
  bool scaled = in_dtype == PTC_INT8 || out_dtype == PTC_INT8;
  require(!scaled || (std::isfinite(scale) && scale > 0), "convert: scale must be finite and above 0");
  with_any_dtype(in_dtype, [&](auto* from) {
    using From = std::remove_pointer_t<std::remove_reference_t<decltype(from)>>;
    with_any_dtype(out_dtype, [&](auto* to) {
      using To = std::remove_pointer_t<decltype(to)>;
      if constexpr (sizeof(From) == 1 && sizeof(To) == 1) {
        on.copy(out, in, count);
      } else {
        bool past = on.past_cache(out, in, bytes_of(to, count));
        const bool divide = !(scale >= 0x1p-100f && scale <= 0x1p100f);
        on.run(Convert<From, To>{static_cast<const From*>(in), static_cast<To*>(out), scale, 1.0f / scale,
                                 127.0f * scale, divide, past},
               count);
      }
    });
  });
}

inline std::int64_t magnitude_blocks(std::int64_t count) { return (count + kMagnitudeBlock - 1) / kMagnitudeBlock; }

// partial: room for magnitude_blocks(count) values.
template <typename On>
void largest_magnitude_call(const On& on, std::int32_t dtype, const void* values, std::int64_t count, float* partial,
                            float* out) {
  require_count(count, "largest_magnitude: count must be 0 to 2^46");
  require(out != nullptr && (count == 0 || values != nullptr), "largest_magnitude: a pointer is null");
  const std::int64_t blocks = magnitude_blocks(count);
  with_dtype(dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    on.run(LargestMagnitude<T>{typed(type, values), count, partial}, blocks);
  });
  on.run(LargestOfPartials{partial, blocks, out}, 1);
}

}  // namespace partita
