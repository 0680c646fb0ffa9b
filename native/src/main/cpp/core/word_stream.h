// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The ids of many texts, one after the other, eight words at a time whichever text they belong to.
#pragma once

#include <cstdint>

namespace partita {

// For processors with AVX-512 VBMI and VBMI2 only. The ids are those of the reference, tokenizer.h.
class WordStream {
 public:
  // bucket_bits: log2 of the number of buckets. `out` has room for as many ids as all texts have bytes.
  WordStream(int bucket_bits, std::int32_t* out);

  void add(const unsigned char* text, std::int32_t length);

  // Of the texts so far; end() must have been called before they are looked at.
  std::int32_t ids() const { return 2 * words_ - texts_; }
  void end();

 private:
  static constexpr int kWords = 8;     // in a vector
  static constexpr int kMostNew = 40;  // in 64 bytes there are 32 at most, but whole vectors are stored
  static constexpr int kTogether = 4;  // vectors
  static constexpr int kRoom = 576;

  const unsigned char* take_slowly(const unsigned char* p, const unsigned char* stop, const unsigned char* end);
  void push(std::uint64_t hashed);
  void mark_first();
  void shorten(const unsigned char* lowered, const unsigned char* begins, const unsigned char* lengths, int words);
  template <int kVectors>
  void emit(int from, int words);
  void emit_all_whole();

  // Words that wait. Written and read long after each other, so that a vector need not be put together from stores under way.
  alignas(64) std::uint64_t letters_[2][kRoom];  // the first eight bytes, and the next
  alignas(64) std::uint64_t lengths_[kRoom];     // 0 to 16
  alignas(64) std::uint64_t begun_[kRoom];       // the hash of what comes before these letters, which is mostly nothing
  alignas(64) std::uint64_t last_[kWords];       // finished hashes; the last is that of the word before all that wait
  std::uint64_t first_[kRoom / 64] = {};         // bit k: word k is the first of its text
  int count_ = 0;
  bool text_is_empty_ = true, begun_differs_ = false;
  std::int32_t words_ = 0, texts_ = 0;  // all words; texts that have any
  int shift_;
  std::int32_t* out_;
};

}  // namespace partita
