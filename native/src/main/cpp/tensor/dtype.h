// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// How numbers lie in memory. Kernels compute in float32 whatever they load and store; these are the
// conversions, with integer arithmetic only, so that every path gives the same bits.
#pragma once

#include <cstdint>

#include "isa.h"

namespace partita {

struct BFloat16 {
  std::uint16_t bits;
};
struct Float16 {
  std::uint16_t bits;
};
struct Int8 {
  std::int8_t value;
};

inline namespace PTC_ISA {

PTC_BOTH inline std::uint32_t bits_of(float x) {
#if defined(__CUDA_ARCH__)
  return __float_as_uint(x);
#else
  std::uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
#endif
}

PTC_BOTH inline float float_of(std::uint32_t bits) {
#if defined(__CUDA_ARCH__)
  return __uint_as_float(bits);
#else
  float x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
#endif
}

// Round to nearest, ties to even; a NaN stays one (made quiet, so that rounding cannot turn it into infinity).
PTC_BOTH inline BFloat16 to_bfloat16(float x) {
  std::uint32_t bits = bits_of(x);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return {static_cast<std::uint16_t>(bits >> 16 | 0x40u)};
  return {static_cast<std::uint16_t>((bits + 0x7FFFu + (bits >> 16 & 1u)) >> 16)};
}

PTC_BOTH inline float to_float(BFloat16 x) { return float_of(static_cast<std::uint32_t>(x.bits) << 16); }

// IEEE binary16: subnormals, ties to even, overflow to infinity; as VCVTPS2PH rounds.
PTC_BOTH inline Float16 to_float16(float x) {
  std::uint32_t bits = bits_of(x);
  std::uint32_t sign = bits >> 16 & 0x8000u, size = bits & 0x7FFFFFFFu;
  std::uint32_t half;
  if (size > 0x7F800000u) {
    half = 0x7E00u | (size >> 13 & 0x3FFu);
  } else if (size >= 0x477FF000u) {  // 65520 and more round to infinity
    half = 0x7C00u;
  } else if (size >= 0x38800000u) {  // normal
    half = (size - 0x38000000u + 0xFFFu + (size >> 13 & 1u)) >> 13;
  } else if (size < 0x33000000u) {  // below half of the smallest subnormal
    half = 0;
  } else {
    std::uint32_t shift = 126 - (size >> 23);  // 14 to 24
    std::uint32_t mantissa = (size & 0x7FFFFFu) | 0x800000u;
    std::uint32_t rest = mantissa & ((1u << shift) - 1), tie = 1u << (shift - 1);
    half = mantissa >> shift;
    if (rest > tie || (rest == tie && (half & 1u) != 0)) half++;
  }
  return {static_cast<std::uint16_t>(sign | half)};
}

PTC_BOTH inline float to_float(Float16 x) {
  std::uint32_t sign = (x.bits & 0x8000u) << 16, exponent = x.bits >> 10 & 0x1Fu, mantissa = x.bits & 0x3FFu;
  if (exponent == 31) return float_of(sign | 0x7F800000u | (mantissa != 0 ? 0x400000u : 0u) | mantissa << 13);
  if (exponent != 0) return float_of(sign | (exponent + 112) << 23 | mantissa << 13);
  float size = static_cast<float>(mantissa) * 5.9604644775390625e-8f;  // 2^-24, exact
  return float_of(sign | bits_of(size));
}

PTC_BOTH inline float to_float(float x) { return x; }

}  // namespace PTC_ISA
}  // namespace partita
