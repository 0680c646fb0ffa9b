// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include "check.h"
#include "tokenizer.h"
#include "word_stream.h"

namespace {

using namespace partita::tests;

struct Features {
  std::vector<std::int32_t> ids, offsets;
  bool operator==(const Features& other) const { return ids == other.ids && offsets == other.offsets; }
};

Features featurize(const std::vector<std::string>& texts, int threads, int buckets = 1 << 18) {
  ptc_featurizer* featurizer = nullptr;
  ptc_features* features = nullptr;
  CHECK_OK(ptc_featurizer_create(buckets, threads, &featurizer));
  CHECK_OK(ptc_features_create(&features));
  std::vector<std::int64_t> addresses;
  std::vector<std::int32_t> lengths;
  for (const auto& text : texts) {
    addresses.push_back(reinterpret_cast<std::int64_t>(text.data()));
    lengths.push_back(static_cast<std::int32_t>(text.size()));
  }
  CHECK_OK(ptc_featurize(featurizer, static_cast<int>(texts.size()), addresses.data(), lengths.data(), 60000,
                         features));
  Features result;
  const std::int32_t* ids = ptc_features_ids(features);
  result.ids.assign(ids, ids + ptc_features_count(features));
  const std::int32_t* offsets = ptc_features_offsets(features);
  result.offsets.assign(offsets, offsets + ptc_features_size(features) + 1);
  ptc_features_destroy(features);
  ptc_featurizer_destroy(featurizer);
  return result;
}

std::vector<std::int32_t> ids_of(const std::string& text) { return featurize({text}, 1).ids; }

// Words, punctuation, several scripts, and plain garbage, in all mixtures.
std::string random_text(std::mt19937& random, int pieces) {
  static const char* const kPieces[] = {"dog", "The ", "  ", "Straße", "ÄPFEL", "№5", "漢字", "नमस्ते", "\xF0\x9F\x90\xB6",
                                        "x", "42", "-", "o'clock", "\xC3", "\xE2\x82", "\xED\xA0\x80", "\xFF\xFE",
                                        "\xC0\xAF", "\xF4\x90\x80\x80", "averyveryverylongwordthatfillsablock"};
  std::string text;
  for (int i = 0; i < pieces; i++) {
    if (random() % 4 == 0) {
      text.push_back(static_cast<char>(random()));
    } else {
      text += kPieces[random() % (sizeof kPieces / sizeof *kPieces)];
    }
  }
  return text;
}

TEST("words and pairs of neighbours become features, in the order of the text") {
  on_every_cpu([] {
    auto one = ids_of("red");
    auto two = ids_of("red fox");
    CHECK(one.size() == 1 && two.size() == 3);
    CHECK(two[0] == one[0] && two[1] == ids_of("fox")[0]);
    CHECK(two[2] != ids_of("fox red")[2]);
  });
}

TEST("case, punctuation and spacing make no difference") {
  on_every_cpu([] {
    CHECK(ids_of("Red FOX") == ids_of("...red,\t\n fox!?"));
    CHECK(ids_of("ÄPFEL ΣΟΦΙΑ ЖУК") == ids_of("äpfel σοφια жук"));
    CHECK(ids_of("Ärger") != ids_of("Arger"));
  });
}

TEST("ideographs are words of their own") {
  CHECK(ids_of("漢字").size() == 3);
  CHECK(ids_of("漢字") == ids_of("漢 字"));
}

TEST("texts without words have no features") {
  CHECK(featurize({"", " ", "--;", "\xFF\xFF"}, 1).offsets == std::vector<std::int32_t>(5, 0));
  CHECK(featurize({}, 1).offsets == std::vector<std::int32_t>(1, 0));
}

TEST("invalid UTF-8 separates words and nothing else") {
  for (const char* bad : {"\xC3", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC0\xAF", "\x80", "\xFF"}) {
    on_every_cpu([bad] { CHECK(ids_of(std::string("red") + bad + " fox") == ids_of("red fox")); });
  }
}

TEST("the AVX2 path equals the reference on random bytes, and stays inside the text") {
  if ((ptc_cpu_features() & PTC_CPU_AVX2) == 0) return skip("this processor has no AVX2");
  std::mt19937 random(7);
  for (int round = 0; round < 20000; round++) {
    std::string text = random_text(random, static_cast<int>(random() % 40));
    // An exact heap copy, so that a read beyond it is seen by a memory checker.
    std::vector<unsigned char> bytes(text.begin(), text.end());
    std::vector<std::int32_t> expected(bytes.size() + 1, -7), got(bytes.size() + 1, -7);
    auto n = partita::tokenize_scalar(bytes.data(), static_cast<int>(bytes.size()), 18, expected.data()) - expected.data();
    auto m = partita::tokenize_avx2(bytes.data(), static_cast<int>(bytes.size()), 18, got.data()) - got.data();
    CHECK(n == m && n <= static_cast<long>(bytes.size()));
    CHECK(expected == got);
  }
}

// What a text has at the edges of what is taken at once: words of every length, at every place in a block.
std::string words_of_any_length(std::mt19937& random, int words) {
  std::string text;
  for (int i = 0; i < words; i++) {
    auto letters = random() % 20 == 0 ? random() % 150 : random() % 3 == 0 ? random() % 22 : random() % 8;
    for (; letters > 0; letters--) text.push_back("abcXYZ019"[random() % 9]);
    text += random() % 30 == 0 ? "\xC3\xA9" : random() % 3 == 0 ? ", " : " ";
  }
  return text;
}

TEST("eight words at a time give the ids of the reference, whatever texts they belong to, and nothing beyond") {
  constexpr std::int32_t kAll = PTC_CPU_AVX512 | PTC_CPU_AVX512_TEXT;
  if ((ptc_cpu_features() & kAll) != kAll) return skip("this processor has no AVX-512 VBMI2");
  std::mt19937 random(17);
  for (int round = 0; round < 3000; round++) {
    std::vector<std::vector<unsigned char>> texts;
    std::size_t bytes = 0;
    for (auto n = random() % 60; n > 0; n--) {
      std::string text = random() % 4 == 0 ? random_text(random, static_cast<int>(random() % 30))
                                           : words_of_any_length(random, static_cast<int>(random() % 40));
      // Exact heap copies, so that a read beyond them is seen by a memory checker.
      texts.emplace_back(text.begin(), text.end());
      bytes += text.size();
    }
    int bits = 1 + static_cast<int>(random() % 30);
    std::vector<std::int32_t> expected(bytes + 1, -7), got(bytes + 1, -7);
    std::int32_t* out = expected.data();
    partita::WordStream words(bits, got.data());
    for (const auto& text : texts) {
      out = partita::tokenize_scalar(text.data(), static_cast<int>(text.size()), bits, out);
      words.add(text.data(), static_cast<int>(text.size()));
      CHECK(words.ids() == out - expected.data());
    }
    words.end();
    CHECK(words.ids() == out - expected.data());
    CHECK(expected == got);
  }
}

TEST("any number of threads gives the same bytes") {
  std::mt19937 random(11);
  std::vector<std::string> texts;
  for (int i = 0; i < 5000; i++) texts.push_back(random_text(random, static_cast<int>(random() % 60)));
  Features one = featurize(texts, 1);
  CHECK(one.ids.size() > 100000);
  for (int threads : {2, 3, 8}) CHECK(featurize(texts, threads) == one);
  on_every_cpu([&] { CHECK(featurize(texts, 2) == one); });
}

TEST("ids stay within the buckets") {
  std::mt19937 random(13);
  for (int buckets : {2, 1024, 1 << 30}) {
    for (std::int32_t id : featurize({random_text(random, 2000)}, 1, buckets).ids) CHECK(id >= 0 && id < buckets);
  }
}

TEST("packed texts give the same as texts by address") {
  ptc_featurizer* featurizer = nullptr;
  ptc_features* features = nullptr;
  CHECK_OK(ptc_featurizer_create(1 << 18, 1, &featurizer));
  CHECK_OK(ptc_features_create(&features));
  std::int32_t lengths[] = {8, 0, 7};
  const auto* bytes = reinterpret_cast<const std::int8_t*>("a red fox lies");
  CHECK(ptc_featurize_packed(featurizer, 3, bytes, 14, lengths, 1000, features) == PTC_INVALID_ARGUMENT);
  CHECK_OK(ptc_featurize_packed(featurizer, 3, bytes, 15, lengths, 1000, features));
  CHECK(ptc_features_size(features) == 3);
  ptc_features_destroy(features);
  ptc_featurizer_destroy(featurizer);
}

TEST("wrong arguments are told, not obeyed") {
  ptc_featurizer* featurizer = nullptr;
  CHECK(ptc_featurizer_create(1000, 1, &featurizer) == PTC_INVALID_ARGUMENT);
  CHECK(std::strstr(ptc_last_error(), "power of two") != nullptr);
  CHECK(ptc_featurizer_create(1024, 0, &featurizer) == PTC_INVALID_ARGUMENT);
  CHECK_OK(ptc_featurizer_create(1024, 1, &featurizer));
  ptc_features* features = nullptr;
  CHECK_OK(ptc_features_create(&features));
  std::int64_t address = 0;
  std::int32_t length = 5;
  CHECK(ptc_featurize(featurizer, 1, &address, &length, 1000, features) == PTC_INVALID_ARGUMENT);
  length = -1;
  CHECK(ptc_featurize(featurizer, 1, &address, &length, 1000, features) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_featurize(featurizer, 0, nullptr, nullptr, 0, features) == PTC_INVALID_ARGUMENT);
  ptc_features_destroy(features);
  ptc_featurizer_destroy(featurizer);
}

TEST("a batch that outlasts its time-out is told so, and the next one works") {
  ptc_featurizer* featurizer = nullptr;
  ptc_features* features = nullptr;
  CHECK_OK(ptc_featurizer_create(1 << 18, 2, &featurizer));
  CHECK_OK(ptc_features_create(&features));
  std::string text;
  for (int i = 0; i < 1000; i++) text += "a word ";
  std::vector<std::int64_t> addresses(20000, reinterpret_cast<std::int64_t>(text.data()));
  std::vector<std::int32_t> lengths(20000, static_cast<std::int32_t>(text.size()));
  CHECK(ptc_featurize(featurizer, 20000, addresses.data(), lengths.data(), 1, features) == PTC_TIMEOUT);
  CHECK(ptc_features_size(features) == 0);
  CHECK_OK(ptc_featurize(featurizer, 10, addresses.data(), lengths.data(), 60000, features));
  CHECK(ptc_features_count(features) == 10 * 3999);
  ptc_features_destroy(features);
  ptc_featurizer_destroy(featurizer);
}

}  // namespace
