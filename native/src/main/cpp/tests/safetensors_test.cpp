// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// One file: what is written is read, what is wrong is refused.
#include <unistd.h>

#include "files_fixture.h"

namespace {

using namespace partita::tests;

ptc_status parse(const std::string& header, std::int64_t data_bytes) {
  ptc_tensor_file* file = nullptr;
  ptc_status status = ptc_safetensors_parse(header.data(), static_cast<std::int64_t>(header.size()), data_bytes, &file);
  ptc_tensor_file_close(file);
  return status;
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape, const std::string& at) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + at + "}";
}

TEST("a set's header and its tensors behind it are a safetensors file, read without a copy") {
  Folder folder;
  float weight[] = {1, 2, 3, 4, 5, 6};
  std::int64_t step = 7, shape[] = {2, 3}, none[] = {0, 5};
  ptc_tensor_set* set;
  CHECK_OK(ptc_tensor_set_create(&set));
  CHECK_OK(ptc_tensor_set_file(set, "a.safetensors"));
  CHECK_OK(ptc_tensor_set_metadata(set, "note", "\"quoted\\\" \xC3\xA4\n"));
  CHECK_OK(ptc_tensor_set_add(set, "weight", PTC_FILE_F32, 2, shape, weight));
  CHECK_OK(ptc_tensor_set_add(set, "empty", PTC_FILE_BF16, 2, none, nullptr));
  CHECK_OK(ptc_tensor_set_add(set, "\xF0\x9F\x98\x80", PTC_FILE_I64, 0, nullptr, &step));
  const void* header;
  std::int64_t bytes;
  CHECK_OK(ptc_tensor_set_header(set, 0, &header, &bytes));
  CHECK(bytes % 8 == 0);
  std::string text(static_cast<const char*>(header), static_cast<std::size_t>(bytes));
  text.append(reinterpret_cast<char*>(weight), sizeof weight).append(reinterpret_cast<char*>(&step), sizeof step);
  write_file(folder / "a.safetensors", text);
  ptc_tensor_set_destroy(set);

  ptc_tensor_file* file;
  CHECK_OK(ptc_safetensors_open((folder / "a.safetensors").c_str(), &file));
  CHECK(ptc_tensor_file_count(file) == 3);
  std::int32_t i = ptc_tensor_file_find(file, "weight");
  CHECK(i >= 0 && ptc_tensor_file_dtype(file, i) == PTC_FILE_F32 && ptc_tensor_file_rank(file, i) == 2);
  CHECK(ptc_tensor_file_shape(file, i)[0] == 2 && ptc_tensor_file_shape(file, i)[1] == 3);
  CHECK(std::memcmp(ptc_tensor_file_data(file, i), weight, sizeof weight) == 0);
  CHECK(ptc_tensor_file_offset(file, i) == bytes);
  float copy[6];
  CHECK_OK(ptc_tensor_file_read(file, i, copy, sizeof copy));
  CHECK(std::memcmp(copy, weight, sizeof copy) == 0);
  CHECK(ptc_tensor_file_read(file, i, copy, 4) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_tensor_file_read(file, 3, copy, 4) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_tensor_file_bytes(file, ptc_tensor_file_find(file, "empty")) == 0);
  CHECK(ptc_tensor_file_rank(file, ptc_tensor_file_find(file, "\xF0\x9F\x98\x80")) == 0);
  CHECK(ptc_tensor_file_find(file, "other") == -1 && ptc_tensor_file_name(file, 3) == nullptr);
  CHECK(ptc_tensor_file_metadata_count(file) == 1);
  CHECK(std::string(ptc_tensor_file_metadata_value(file, 0)) == "\"quoted\\\" \xC3\xA4\n");
  ptc_tensor_file_close(file);
}

TEST("a sound header is read whatever its spaces, order and escapes") {
  CHECK(parse("{}", 0) == PTC_OK);
  CHECK(parse("{ }   ", 0) == PTC_OK);
  CHECK(parse("{\"__metadata__\":{}}", 0) == PTC_OK);
  CHECK(parse("{" + entry("b", "F32", "[1]", "[4,8]") + " ,\n" + entry("a", "I32", "[1]", "[0,4]") + "}", 8) == PTC_OK);
  CHECK(parse("{" + entry("\\u00e4\\ud83d\\ude00\\n", "U8", "[]", "[0,1]") + "}", 1) == PTC_OK);
  CHECK(parse("{" + entry("a", "F64", "[0]", "[0,0]") + "," + entry("b", "F8_E4M3", "[2,2]", "[0,4]") + "}", 4) == PTC_OK);
}

TEST("a header that could mean something else is refused") {
  const std::string good = entry("a", "F32", "[1]", "[0,4]");
  CHECK(parse("{" + good + "}", 4) == PTC_OK);
  const std::string wrong[] = {
      "", " ", "[]", " {}", "{", "{}{}", "{} x", "{,}", "{\"a\":1}", "{\"a\":{}}", "{\"a\":null}", "{" + good, "{" + good + ",}",
      "{" + good + "," + good + "}",
      "{" + entry("a", "F32", "[1]", "[0,4]") + "," + entry("\\u0061", "F32", "[1]", "[4,8]") + "}",
      "{" + entry("a", "F99", "[1]", "[0,4]") + "}",
      "{" + entry("a", "f32", "[1]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[1]", "[0,4,8]") + "}",
      "{" + entry("a", "F32", "[1]", "[4]") + "}",
      "{" + entry("a", "F32", "[1]", "[4,0]") + "}",
      "{" + entry("a", "F32", "[2]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[01]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[1.0]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[1e0]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[+1]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[-1]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[NaN]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[Infinity]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[\"1\"]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[1,]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[[1]]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[9223372036854775808]", "[0,4]") + "}",
      "{" + entry("a", "F32", "[4611686018427387905]", "[0,4]") + "}",      // times 4 is 4 modulo 2^64
      "{" + entry("a", "F32", "[4294967296,4294967296]", "[0,0]") + "}",
      "{" + entry("a", "F32", "[1]", "[18446744073709551612,18446744073709551616]") + "}",
      "{" + entry("a", "F32", "[1]", "[9223372036854775804,9223372036854775808]") + "}",
      "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"more\":1}}",
      "{\"__metadata__\":{\"k\":{\"deeper\":1}}," + good + "}",
      "{\"__metadata__\":{\"k\":1}," + good + "}",
      "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}," + good + "}",
      "{\"__metadata__\":{},\"__metadata__\":{}," + good + "}",
      "{" + entry("\\u0000", "F32", "[1]", "[0,4]") + "}",
      "{" + entry("\\ud800", "F32", "[1]", "[0,4]") + "}",
      "{" + entry("\\udc00\\ud800", "F32", "[1]", "[0,4]") + "}",
      "{" + entry("\\u12", "F32", "[1]", "[0,4]") + "}",
      "{" + entry("\\x", "F32", "[1]", "[0,4]") + "}",
      "{" + entry("\xFF", "F32", "[1]", "[0,4]") + "}",
      "{" + entry("\xC0\xAF", "F32", "[1]", "[0,4]") + "}",
      "{" + entry("\xED\xA0\x80", "F32", "[1]", "[0,4]") + "}",
      "{" + entry("a\n", "F32", "[1]", "[0,4]") + "}",
      "\xEF\xBB\xBF{" + good + "}",
      "{" + good + "}" + std::string(1, '\0')};
  for (const std::string& header : wrong) {
    if (parse(header, 4) != PTC_INVALID_ARGUMENT) fail(__FILE__, __LINE__, "read: " + header);
  }
}

TEST("gaps, overlaps and data of another length are refused") {
  auto two = [](const std::string& first, const std::string& second) {
    return "{" + entry("a", "U8", "[4]", first) + "," + entry("b", "U8", "[4]", second) + "}";
  };
  CHECK(parse(two("[0,4]", "[4,8]"), 8) == PTC_OK);
  CHECK(parse(two("[0,4]", "[4,8]"), 7) == PTC_INVALID_ARGUMENT);
  CHECK(parse(two("[0,4]", "[4,8]"), 9) == PTC_INVALID_ARGUMENT);
  CHECK(parse(two("[0,4]", "[0,4]"), 4) == PTC_INVALID_ARGUMENT);
  CHECK(parse(two("[0,4]", "[3,7]"), 7) == PTC_INVALID_ARGUMENT);
  CHECK(parse(two("[0,4]", "[5,9]"), 9) == PTC_INVALID_ARGUMENT);
  CHECK(parse(two("[1,5]", "[5,9]"), 9) == PTC_INVALID_ARGUMENT);
  CHECK(parse("{}", 1) == PTC_INVALID_ARGUMENT);
}

TEST("a hundred thousand braces are refused without recursion, and a header length that cannot be without a byte") {
  std::string deep;
  for (int i = 0; i < 100000; i++) deep += "{\"a\":";
  CHECK(parse(deep, 0) == PTC_INVALID_ARGUMENT);
  Folder folder;
  for (std::uint64_t length : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{93}, std::uint64_t{1} << 32,
                               std::uint64_t{1} << 63, ~std::uint64_t{0}, ~std::uint64_t{0} - 8}) {
    std::string bytes(100, ' ');
    std::memcpy(bytes.data(), &length, 8);
    bytes[8] = '{';
    write_file(folder / "wrong", bytes);
    ptc_tensor_file* file = nullptr;
    CHECK(ptc_safetensors_open((folder / "wrong").c_str(), &file) == PTC_INVALID_ARGUMENT);
  }
}

TEST("what is no file, or becomes shorter, is an error") {
  Folder folder;
  ptc_tensor_file* file = nullptr;
  CHECK(ptc_safetensors_open((folder / "none").c_str(), &file) == PTC_NOT_FOUND);
  CHECK(ptc_safetensors_open(folder.path.c_str(), &file) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_safetensors_open("/dev/zero", &file) == PTC_INVALID_ARGUMENT);
  write_file(folder / "a", "");
  CHECK(ptc_safetensors_open((folder / "a").c_str(), &file) == PTC_INVALID_ARGUMENT);
  write_file(folder / "a", safetensors("{" + entry("a", "U8", "[8]", "[0,8]") + "}", "12345678"));
  CHECK_OK(ptc_safetensors_open((folder / "a").c_str(), &file));
  char copy[8];
  CHECK(truncate((folder / "a").c_str(), 20) == 0);
  CHECK(ptc_tensor_file_read(file, 0, copy, 8) == PTC_STORAGE_FAILURE);
  ptc_tensor_file_close(file);
}

TEST("any damage to a file is read or refused, and never more than its data") {
  Folder folder;
  const std::string good = safetensors("{\"__metadata__\":{\"k\":\"v\"}," + entry("a", "F32", "[2,1]", "[0,8]") + "," +
                                           entry("b", "U8", "[3]", "[8,11]") + "}",
                                       "01234567890");
  std::mt19937 random(11);
  int read = 0;
  for (int round = 0; round < 5000; round++) {
    std::string bytes = good;
    for (unsigned k = random() % 3; k < 3; k++) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (random() % 8 == 0) bytes.resize(random() % bytes.size());
    write_file(folder / "a", bytes);
    ptc_tensor_file* file = nullptr;
    ptc_status status = ptc_safetensors_open((folder / "a").c_str(), &file);
    CHECK(status == PTC_OK || status == PTC_INVALID_ARGUMENT);
    if (status != PTC_OK) continue;
    read++;
    std::int64_t sum = 0;
    for (std::int32_t i = 0; i < ptc_tensor_file_count(file); i++) {
      std::vector<char> copy(static_cast<std::size_t>(ptc_tensor_file_bytes(file, i)));
      CHECK_OK(ptc_tensor_file_read(file, i, copy.data(), static_cast<std::int64_t>(copy.size())));
      CHECK(copy.empty() || std::memcmp(copy.data(), ptc_tensor_file_data(file, i), copy.size()) == 0);
      sum += static_cast<std::int64_t>(copy.size());
    }
    CHECK(sum == 11);
    ptc_tensor_file_close(file);
  }
  CHECK(read > 100 && read < 4000);
}

}  // namespace
