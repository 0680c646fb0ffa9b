// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// A word's hash is a chain of multiplications, one a byte; here eight words go through theirs side by side. Of 64 ASCII
// bytes, masks tell where words begin and end, and one permutation fetches eight bytes of each of eight words.
// What is not ASCII goes through the reference, a code point at a time.
//
//   text         The cat sat…
//   begins       1...1...1              compressed: 0 4 8
//   letters_     [the][cat][sat]…       across texts, until some hundreds wait
//   ids          the  cat (the cat)  sat (cat sat) …
#include "word_stream.h"

#include <immintrin.h>

#include <algorithm>
#include <cstring>

#include "tokenizer.h"

namespace partita {
namespace {

inline __m512i bytes_of(char x) { return _mm512_set1_epi8(x); }
inline __m512i numbers_of(std::uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }

inline __mmask64 in_range(__m512i bytes, char low, char count) {
  return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, bytes_of(low)), bytes_of(count));
}

inline __m512i finish(__m512i h) {
  const __m512i factor = numbers_of(kFinishFactor);
  h = _mm512_xor_si512(h, _mm512_srli_epi64(h, 32));
  h = _mm512_mullo_epi64(h, factor);
  h = _mm512_xor_si512(h, _mm512_srli_epi64(h, 32));
  h = _mm512_mullo_epi64(h, factor);
  return _mm512_xor_si512(h, _mm512_srli_epi64(h, 32));
}

// Each hash with letters kFrom … of its word, as far as it is long, up to kTo; they lie in the lower bytes of `letters`. Several
// vectors, because each alone would mostly wait for its multiplications.
template <int kFrom, int kTo, std::size_t kVectors>
inline void add_letters(__m512i (&h)[kVectors], __m512i (&letters)[kVectors], const __m512i (&length)[kVectors]) {
  const __m512i prime = numbers_of(kWordPrime), low_byte = numbers_of(0xFF);
#pragma GCC unroll 8
  for (int k = kFrom; k < kTo; k++) {
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; v++) {
      const __mmask8 more = _mm512_cmpgt_epu64_mask(length[v], numbers_of(static_cast<std::uint64_t>(k)));
      const __m512i mixed = _mm512_ternarylogic_epi64(h[v], letters[v], low_byte, 0x78);  // h ^ (letters & low_byte)
      h[v] = _mm512_mask_mullo_epi64(h[v], more, mixed, prime);
      letters[v] = _mm512_srli_epi64(letters[v], 8);
    }
  }
}

// Of all words of these vectors, not finished.
template <std::size_t kVectors>
inline void hash_words(const std::uint64_t* begun, const std::uint64_t* letters, const std::uint64_t* more_letters,
                       const std::uint64_t* lengths, __m512i (&h)[kVectors]) {
  __m512i first[kVectors], next[kVectors], length[kVectors], longest = _mm512_setzero_si512();
  for (std::size_t v = 0; v < kVectors; v++) {
    h[v] = _mm512_load_si512(begun + 8 * v);
    first[v] = _mm512_load_si512(letters + 8 * v);
    next[v] = _mm512_load_si512(more_letters + 8 * v);
    length[v] = _mm512_load_si512(lengths + 8 * v);
    longest = _mm512_max_epu64(longest, length[v]);
  }
  add_letters<0, 8>(h, first, length);
  add_letters<8, 12>(h, next, length);
  if (_mm512_cmpgt_epu64_mask(longest, numbers_of(12)) != 0) add_letters<12, 16>(h, next, length);
}

// Every byte's place in a vector.
inline __m512i places() {
  return _mm512_set_epi64(0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928, 0x2726252423222120,
                          0x1F1E1D1C1B1A1918, 0x1716151413121110, 0x0F0E0D0C0B0A0908, 0x0706050403020100);
}
// Byte k of lane l is l.
inline __m512i lanes() {
  return _mm512_set_epi64(0x0707070707070707, 0x0606060606060606, 0x0505050505050505, 0x0404040404040404,
                          0x0303030303030303, 0x0202020202020202, 0x0101010101010101, 0);
}

}  // namespace

WordStream::WordStream(int bucket_bits, std::int32_t* out) : shift_(64 - bucket_bits), out_(out) {
  std::fill(begun_, begun_ + kRoom, kWordSeed);
}

void WordStream::mark_first() {
  if (!text_is_empty_) return;
  first_[count_ / 64] |= std::uint64_t{1} << count_ % 64;
  texts_++;
  text_is_empty_ = false;
}

void WordStream::push(std::uint64_t hashed) {
  mark_first();
  begun_[count_] = hashed;
  begun_differs_ = true;
  lengths_[count_] = 0;
  count_++;
  words_++;
  if (count_ > kRoom - kMostNew) emit_all_whole();
}

void WordStream::add(const unsigned char* text, std::int32_t length) {
  const unsigned char* p = text;
  const unsigned char* end = text + length;
  text_is_empty_ = true;
  while (p < end) {
    const auto n = static_cast<int>(end - p < 64 ? end - p : 64);
    const __m512i bytes = _mm512_maskz_loadu_epi8(~std::uint64_t{0} >> (64 - n), p);
    const std::uint64_t beyond_ascii = _mm512_movepi8_mask(bytes);
    if (beyond_ascii != 0) {
      p = take_slowly(p, p + 64 - __builtin_clzll(beyond_ascii), end);
      continue;
    }
    const __m512i lowered = _mm512_mask_add_epi8(bytes, in_range(bytes, 'A', 26), bytes, bytes_of('a' - 'A'));
    std::uint64_t word = in_range(lowered, 'a', 26) | in_range(bytes, '0', 10);
    if (word == ~std::uint64_t{0}) {
      p = take_slowly(p, p + 1, end);
      continue;
    }
    // A word at the very end may go on: it is taken with the next block.
    const int left = __builtin_clzll(~word);
    word &= ~std::uint64_t{0} >> left;
    p += n - left;
    if (word == 0) continue;
    const std::uint64_t before = word << 1;
    const __m512i begins = _mm512_maskz_compress_epi8(word & ~before, places());
    const __m512i ends = _mm512_maskz_compress_epi8(before & ~word, places());
    const __m512i lengths = _mm512_sub_epi8(ends, begins);
    const int words = __builtin_popcountll(word & ~before);
    mark_first();
    int from = 0;
    do {
      const __m512i which = _mm512_add_epi8(lanes(), bytes_of(static_cast<char>(from)));
      const __m512i at = _mm512_add_epi8(_mm512_permutexvar_epi8(which, begins), numbers_of(0x0706050403020100u));
      const int k = count_ + from;
      _mm512_storeu_si512(letters_[0] + k, _mm512_permutexvar_epi8(at, lowered));
      _mm512_storeu_si512(letters_[1] + k, _mm512_permutexvar_epi8(_mm512_add_epi8(at, bytes_of(8)), lowered));
      _mm512_storeu_si512(lengths_ + k, _mm512_maskz_permutexvar_epi8(0x0101010101010101u, which, lengths));
      from += kWords;
    } while (from < words);
    if (_mm512_cmpgt_epu8_mask(lengths, bytes_of(16)) != 0) {
      alignas(64) unsigned char stored[3][64];
      _mm512_store_si512(stored[0], lowered);
      _mm512_store_si512(stored[1], begins);
      _mm512_store_si512(stored[2], lengths);
      shorten(stored[0], stored[1], stored[2], words);
    }
    count_ += words;
    words_ += words;
    if (count_ > kRoom - kMostNew) emit_all_whole();
  }
}

// Of the words that come next, those with more than sixteen letters are begun, until sixteen are left.
void WordStream::shorten(const unsigned char* lowered, const unsigned char* begins, const unsigned char* lengths,
                         int words) {
  for (int k = 0; k < words; k++) {
    if (lengths[k] <= 16) continue;
    const unsigned char* p = lowered + begins[k];
    const unsigned char* rest = p + lengths[k] - 16;
    std::uint64_t h = kWordSeed;
    for (; p < rest; p++) h = (h ^ *p) * kWordPrime;
    begun_[count_ + k] = h;
    begun_differs_ = true;
    std::memcpy(&letters_[0][count_ + k], rest, 8);
    std::memcpy(&letters_[1][count_ + k], rest + 8, 8);
    lengths_[count_ + k] = 16;
  }
}

// From p, where no word is open, to `stop` and then to the end of a word.
const unsigned char* WordStream::take_slowly(const unsigned char* p, const unsigned char* stop,
                                             const unsigned char* end) {
  std::uint64_t h = kWordSeed;
  bool open = false;
  auto close = [&] {
    if (open) push(h);
    h = kWordSeed;
    open = false;
  };
  auto add_point = [&](std::uint32_t c) {
    h = (h ^ c) * kWordPrime;
    open = true;
  };
  while (p < stop || (open && p < end)) {
    if (*p < 0x80) {
      if (is_ascii_word(*p)) {
        add_point(lower_ascii(*p));
      } else {
        close();
      }
      p++;
      continue;
    }
    const std::uint32_t c = decode_utf8(p, end);
    if (c == kInvalid || !is_word(c)) {
      close();
    } else if (is_ideograph(c)) {
      close();
      add_point(c);
      close();
    } else {
      add_point(to_lower(c));
    }
  }
  close();
  return p;
}

// The ids of words `from` to `from` + 8 kVectors - 1 of those that wait; of the last vector's, so many.
template <int kVectors>
void WordStream::emit(int from, int words) {
  __m512i h[kVectors];
  hash_words(begun_ + from, letters_[0] + from, letters_[1] + from, lengths_ + from, h);
  const __m128i shift = _mm_cvtsi32_si128(shift_);
  __m512i last = _mm512_load_si512(last_);
  std::int32_t* out = out_;
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; v++) {
    const __m512i word = finish(h[v]);
    const __m512i previous = _mm512_alignr_epi64(word, last, kWords - 1);
    const __m512i pair = finish(_mm512_add_epi64(_mm512_mullo_epi64(previous, numbers_of(kPairFactor)), word));
    const __m512i ids = _mm512_or_si512(_mm512_srl_epi64(word, shift),
                                        _mm512_slli_epi64(_mm512_srl_epi64(pair, shift), 32));
    // Both of each word; of a text's first word only its own.
    const int at = from + v * kWords;
    const auto firsts = static_cast<std::uint32_t>(first_[at / 64] >> at % 64) & 0xFFu;
    const std::uint32_t all = v == kVectors - 1 ? (1u << (2 * words)) - 1 : 0xFFFFu;
    const std::uint32_t kept = all & ~_pdep_u32(firsts, 0xAAAAu);
    const int count = __builtin_popcount(kept);
    _mm512_mask_storeu_epi32(out, static_cast<__mmask16>((1u << count) - 1),
                             _mm512_maskz_compress_epi32(static_cast<__mmask16>(kept), ids));
    out += count;
    last = word;
  }
  out_ = out;
  _mm512_store_si512(last_, last);
}

void WordStream::emit_all_whole() {
  const int whole = count_ & -kWords;
  int from = 0;
  for (; from + kTogether * kWords <= whole; from += kTogether * kWords) emit<kTogether>(from, kWords);
  for (; from < whole; from += kWords) emit<1>(from, kWords);
  for (auto* all : {letters_[0], letters_[1], lengths_, begun_}) {
    if (whole > 0) _mm512_store_si512(all, _mm512_load_si512(all + whole));
  }
  const std::uint64_t firsts = first_[whole / 64] >> whole % 64;
  std::fill(first_, first_ + kRoom / 64, 0);
  first_[0] = firsts;
  count_ -= whole;
  if (begun_differs_) std::fill(begun_ + count_, begun_ + kRoom, kWordSeed);
  begun_differs_ = count_ > 0 && begun_differs_;
}

void WordStream::end() {
  emit_all_whole();
  if (count_ > 0) emit<1>(0, count_);
  std::fill(begun_, begun_ + kWords, kWordSeed);
  count_ = 0;
  first_[0] = 0;
}

}  // namespace partita
