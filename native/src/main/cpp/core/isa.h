// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Marks inline code that is compiled for several machines.
#pragma once

#if defined(__CUDACC__)
// In a .cu file these functions run on the device only.
#define PTC_BOTH __device__
#define PTC_TABLE static __device__ const
#else
#define PTC_BOTH
#define PTC_TABLE static const
#endif

#if defined(__CUDACC__) || defined(__clang__)
#define PTC_UNROLL(times) _Pragma("unroll")
#else
#define PTC_PRAGMA(text) _Pragma(#text)
#define PTC_UNROLL(times) PTC_PRAGMA(GCC unroll times)
#endif

// Files compiled for other instruction sets define their own name here: otherwise the linker might
// keep, of two inline copies of one function, the one that not every processor can run.
#if !defined(PTC_ISA)
#define PTC_ISA any_cpu
#endif
