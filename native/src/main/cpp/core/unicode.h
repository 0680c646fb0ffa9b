// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// What the featurizer knows of Unicode: strict UTF-8, which code points belong to words, and simple
// (one to one, locale-free) lower-casing. Header only, so that the CUDA twin runs the same code.
#pragma once

#include <cstdint>

#include "isa.h"

namespace partita {
inline namespace PTC_ISA {

struct CodeRange {
  std::uint32_t first, last;
};
// Every stride-th code point from first to last has its lower case at code point + delta.
struct LowerRange {
  std::uint32_t first, last;
  std::int32_t stride, delta;
};

#include "unicode_tables.inc"

PTC_BOTH inline bool in_ranges(const CodeRange* ranges, int count, std::uint32_t c) {
  int low = 0, high = count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (ranges[middle].last < c) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < count && ranges[low].first <= c;
}

// Letters, decimal digits and the marks that modify them.
PTC_BOTH inline bool is_word(std::uint32_t c) { return in_ranges(kWordRanges, kWordRangeCount, c); }

// Written without spaces: each is a word of its own.
PTC_BOTH inline bool is_ideograph(std::uint32_t c) {
  return c >= 0x3006 && in_ranges(kIdeographRanges, kIdeographRangeCount, c);
}

PTC_BOTH inline std::uint32_t to_lower(std::uint32_t c) {
  int low = 0, high = kLowerRangeCount;
  while (low < high) {
    int middle = (low + high) / 2;
    if (kLowerRanges[middle].last < c) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == kLowerRangeCount) return c;
  const LowerRange& range = kLowerRanges[low];
  if (c < range.first || (c - range.first) % static_cast<std::uint32_t>(range.stride) != 0) return c;
  return c + static_cast<std::uint32_t>(range.delta);
}

constexpr std::uint32_t kInvalid = 0xFFFFFFFFu;

// Decodes the sequence at p (p < end, *p >= 0x80) and moves p behind it. Overlong forms, surrogates,
// values above U+10FFFF and cut sequences give kInvalid and move p by one byte.
PTC_BOTH inline std::uint32_t decode_utf8(const unsigned char*& p, const unsigned char* end) {
  std::uint32_t lead = *p;
  int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  if (lead < 0xC2 || lead > 0xF4 || end - p <= more) {
    p++;
    return kInvalid;
  }
  std::uint32_t c = lead & (0x3Fu >> more);
  for (int i = 1; i <= more; i++) {
    if ((p[i] & 0xC0u) != 0x80u) {
      p++;
      return kInvalid;
    }
    c = (c << 6) | (p[i] & 0x3Fu);
  }
  bool overlong = (more == 2 && c < 0x800) || (more == 3 && c < 0x10000);
  if (overlong || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
    p++;
    return kInvalid;
  }
  p += more + 1;
  return c;
}

}  // namespace PTC_ISA
}  // namespace partita
