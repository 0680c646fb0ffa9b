// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Text to hashed word 1-2-grams, one code point at a time: the scalar reference, which also runs on
// the GPU and behind the AVX2 path for everything that is not ASCII.
//
//   "Ein Hund" -> h(ein), h(hund), h(ein hund)      in this order, each reduced to a bucket
//
// A text of n bytes has at most n features: k words take at least 2k - 1 bytes and give 2k - 1.
#pragma once

#include "unicode.h"

namespace partita {
inline namespace PTC_ISA {

constexpr std::uint64_t kWordSeed = 0x243F6A8885A308D3u;
constexpr std::uint64_t kWordPrime = 0x9FB21C651E98DF25u;
constexpr std::uint64_t kFinishFactor = 0xD6E8FEB86659FD93u;
constexpr std::uint64_t kPairFactor = 0xA24BAED4963EE407u;

PTC_BOTH inline std::uint64_t finish(std::uint64_t h) {
  h ^= h >> 32;
  h *= kFinishFactor;
  h ^= h >> 32;
  h *= kFinishFactor;
  return h ^ (h >> 32);
}

PTC_BOTH inline bool is_ascii_word(unsigned char c) {
  unsigned char letter = static_cast<unsigned char>((c | 0x20) - 'a');
  unsigned char digit = static_cast<unsigned char>(c - '0');
  return letter < 26 || digit < 10;
}

PTC_BOTH inline unsigned char lower_ascii(unsigned char c) {
  return static_cast<unsigned char>(c - 'A') < 26 ? static_cast<unsigned char>(c | 0x20) : c;
}

class Tokenizer {
 public:
  // bucket_bits: log2 of the number of buckets. `out` has room for as many ids as the text has bytes.
  PTC_BOTH Tokenizer(int bucket_bits, std::int32_t* out) : shift_(64 - bucket_bits), out_(out) {}

  // A code point of a word, already in lower case.
  PTC_BOTH void add(std::uint32_t c) {
    word_ = (word_ ^ c) * kWordPrime;
    open_ = true;
  }

  PTC_BOTH void end_word() {
    if (!open_) return;
    std::uint64_t word = finish(word_);
    emit(word);
    if (has_previous_) emit(finish(previous_ * kPairFactor + word));
    previous_ = word;
    has_previous_ = true;
    word_ = kWordSeed;
    open_ = false;
  }

  // Takes the bytes from p to stop, which both lie on boundaries of code points, or up to `end` if a
  // code point straddles `stop`; returns where it came to.
  PTC_BOTH const unsigned char* take(const unsigned char* p, const unsigned char* stop,
                                     const unsigned char* end) {
    while (p < stop) {
      if (*p < 0x80) {
        unsigned char c = *p++;
        if (is_ascii_word(c)) {
          add(lower_ascii(c));
        } else {
          end_word();
        }
        continue;
      }
      std::uint32_t c = decode_utf8(p, end);
      if (c == kInvalid || !is_word(c)) {
        end_word();
      } else if (is_ideograph(c)) {
        end_word();
        add(c);
        end_word();
      } else {
        add(to_lower(c));
      }
    }
    return p;
  }

  PTC_BOTH std::int32_t* out() const { return out_; }

 private:
  PTC_BOTH void emit(std::uint64_t hash) { *out_++ = static_cast<std::int32_t>(hash >> shift_); }

  int shift_;
  std::int32_t* out_;
  std::uint64_t word_ = kWordSeed;
  std::uint64_t previous_ = 0;
  bool open_ = false;
  bool has_previous_ = false;
};

// All ids of one text; returns one past the last.
PTC_BOTH inline std::int32_t* tokenize_scalar(const unsigned char* text, std::int32_t length, int bucket_bits,
                                              std::int32_t* out) {
  Tokenizer tokenizer(bucket_bits, out);
  tokenizer.take(text, text + length, text + length);
  tokenizer.end_word();
  return tokenizer.out();
}

}  // namespace PTC_ISA

// The same, 32 ASCII bytes at a time (tokenizer_avx2.cpp).
std::int32_t* tokenize_avx2(const unsigned char* text, std::int32_t length, int bucket_bits, std::int32_t* out);

}  // namespace partita
