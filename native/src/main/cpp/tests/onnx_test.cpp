// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Models made byte by byte. A real one is read by OnnxFileTest of app.
#include "files_fixture.h"

namespace {

using namespace partita::tests;

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}
std::string number(std::uint64_t field, std::uint64_t value) { return varint(field << 3) + varint(value); }
std::string part(std::uint64_t field, const std::string& bytes) {
  return varint(field << 3 | 2) + varint(bytes.size()) + bytes;
}
template <typename T>
std::string raw(const std::vector<T>& values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}
std::string initialiser(const std::string& name, std::uint64_t type, std::vector<std::uint64_t> shape,
                        const std::string& values) {
  std::string bytes;
  for (std::uint64_t size : shape) bytes += number(1, size);
  return bytes + number(2, type) + part(8, name) + values;
}
std::string node(const std::string& name, const std::string& operation, const std::vector<std::string>& inputs,
                 const std::string& attribute = "") {
  std::string bytes;
  for (const std::string& input : inputs) bytes += part(1, input);
  return bytes + part(3, name) + part(4, operation) + attribute;
}
std::string model(const std::vector<std::string>& initialisers, const std::vector<std::string>& nodes = {}) {
  std::string graph;
  for (const auto& one : nodes) graph += part(1, one);
  for (const auto& one : initialisers) graph += part(5, one);
  return number(1, 8) + part(2, "test") + part(7, graph);
}

ptc_tensor_file* parse(const std::string& bytes) {
  ptc_tensor_file* file = nullptr;
  CHECK_OK(ptc_onnx_parse(bytes.data(), static_cast<std::int64_t>(bytes.size()), &file));
  return file;
}
bool refused(const std::string& bytes) {
  ptc_tensor_file* file = nullptr;
  ptc_status status = ptc_onnx_parse(bytes.data(), static_cast<std::int64_t>(bytes.size()), &file);
  ptc_tensor_file_close(file);
  return status == PTC_INVALID_ARGUMENT;
}

constexpr std::uint64_t kFloat = 1, kInt8 = 3, kInt32 = 6, kInt64 = 7, kFloat16 = 10, kDouble = 11;

TEST("values are read from raw bytes and from the field of their type, in place where they lie so") {
  std::vector<float> floats{1.5f, -2, 3};
  std::vector<double> doubles{0.25, -8};
  std::string unpacked;
  for (float value : floats) unpacked += varint(4 << 3 | 5) + raw<float>({value});
  std::string bytes = model({
      initialiser("raw", kFloat, {3}, part(9, raw(floats))),
      initialiser("packed", kFloat, {1, 3}, part(4, raw(floats))),
      initialiser("unpacked", kFloat, {3}, unpacked),
      initialiser("two runs", kDouble, {2}, part(10, raw<double>({doubles[0]})) + part(10, raw<double>({doubles[1]}))),
      initialiser("int8", kInt8, {2}, part(5, varint(7) + varint(static_cast<std::uint64_t>(-128)))),
      initialiser("int64", kInt64, {}, part(7, varint(static_cast<std::uint64_t>(INT64_MIN)))),
      initialiser("half", kFloat16, {1}, part(5, varint(0x3C00))),
      initialiser("nothing", kInt32, {0, 4}, ""),
      number(1, 0) + part(1, varint(2) + varint(2)) + number(2, kFloat) + part(8, "packed dims"),
  });
  ptc_tensor_file* file = parse(bytes);
  CHECK(ptc_tensor_file_count(file) == 9);
  auto data = [&](const char* name) { return ptc_tensor_file_data(file, ptc_tensor_file_find(file, name)); };
  for (const char* name : {"raw", "packed", "unpacked"}) CHECK(std::memcmp(data(name), floats.data(), 12) == 0);
  for (const char* name : {"raw", "packed"}) {
    auto* at = static_cast<const char*>(data(name));
    CHECK(at > bytes.data() && at < bytes.data() + bytes.size());
    CHECK(ptc_tensor_file_offset(file, ptc_tensor_file_find(file, name)) == at - bytes.data());
  }
  CHECK(std::memcmp(data("two runs"), doubles.data(), 16) == 0);
  CHECK(std::memcmp(data("int8"), "\x07\x80", 2) == 0);
  std::int64_t least = INT64_MIN;
  CHECK(std::memcmp(data("int64"), &least, 8) == 0);
  CHECK(ptc_tensor_file_rank(file, ptc_tensor_file_find(file, "int64")) == 0);
  CHECK(std::memcmp(data("half"), "\x00\x3C", 2) == 0);
  CHECK(ptc_tensor_file_bytes(file, ptc_tensor_file_find(file, "nothing")) == 0);
  CHECK(ptc_tensor_file_rank(file, ptc_tensor_file_find(file, "packed dims")) == 3);
  std::int64_t copy;
  CHECK_OK(ptc_tensor_file_read(file, ptc_tensor_file_find(file, "int64"), &copy, 8));
  CHECK(copy == least);
  ptc_tensor_file_close(file);
}

TEST("an anonymous weight gets the name of the node it feeds, unless two would have it") {
  auto weight = [](const std::string& name) { return initialiser(name, kFloat, {1}, part(9, raw<float>({1}))); };
  std::string transposed = part(5, part(1, "transB") + number(3, 1));
  ptc_tensor_file* file = parse(model(
      {weight("onnx::MatMul_1"), weight("onnx::MatMul_2"), weight("onnx::MatMul_3"), weight("onnx::Gemm_4"),
       weight("onnx::MatMul_5"), weight("onnx::MatMul_6"), weight("bias"), weight("taken.weight")},
      {node("/encoder/layer.0/query/MatMul", "MatMul", {"x", "onnx::MatMul_1"}),
       node("/twice/MatMul", "MatMul", {"x", "onnx::MatMul_2"}), node("/twice/MatMul", "MatMul", {"x", "onnx::MatMul_3"}),
       node("/pooler/Gemm", "Gemm", {"x", "onnx::Gemm_4", "bias"}, transposed),
       node("/taken/MatMul", "MatMul", {"x", "onnx::MatMul_5"}), node("", "MatMul", {"x", "onnx::MatMul_6"}),
       node("/named/MatMul", "MatMul", {"x", "bias"})}));
  auto has = [&](const char* name) { return ptc_tensor_file_find(file, name) >= 0; };
  CHECK(has("encoder.layer.0.query.weight") && !has("onnx::MatMul_1"));
  CHECK(has("onnx::MatMul_2") && has("onnx::MatMul_3") && has("onnx::MatMul_5") && has("onnx::MatMul_6"));
  CHECK(has("pooler.weight") && has("bias") && has("taken.weight"));
  CHECK(ptc_tensor_file_metadata_count(file) == 1);
  CHECK(std::string(ptc_tensor_file_metadata_key(file, 0)) == "transposed:encoder.layer.0.query.weight");
  ptc_tensor_file_close(file);
}

TEST("a model that is cut, lies about sizes, or points outside of itself is refused") {
  const std::string four = part(9, raw<float>({1}));
  CHECK(!refused(model({initialiser("a", kFloat, {1}, four)})));
  CHECK(refused(""));
  CHECK(refused(number(1, 8)));  // no graph
  CHECK(refused(model({initialiser("a", kFloat, {2}, four)})));
  CHECK(refused(model({initialiser("a", kFloat, {}, part(9, ""))})));
  CHECK(refused(model({initialiser("a", kFloat, {1}, "")})));
  CHECK(refused(model({initialiser("", kFloat, {1}, four)})));
  CHECK(refused(model({initialiser(std::string("a\0b", 3), kFloat, {1}, four)})));
  CHECK(refused(model({initialiser("a", 8, {1}, part(6, "text"))})));
  CHECK(refused(model({initialiser("a", 14, {1}, part(9, raw<float>({1, 2})))})));
  CHECK(refused(model({initialiser("a", 99, {1}, four)})));
  CHECK(refused(model({initialiser("a", kFloat, {~std::uint64_t{0}}, four)})));
  CHECK(refused(model({initialiser("a", kFloat, {std::uint64_t{1} << 62, 4}, four)})));
  CHECK(refused(model({initialiser("a", kFloat, {1, 1, 1, 1, 1, 1, 1, 1, 1}, four)})));
  CHECK(refused(model({initialiser("a", kFloat, {1}, four + four)})));
  CHECK(refused(model({initialiser("a", kFloat, {1}, four + part(4, raw<float>({1})))})));
  CHECK(refused(model({initialiser("a", kFloat, {1}, part(5, varint(1)))})));
  CHECK(refused(model({initialiser("a", kInt8, {1}, part(5, varint(128)))})));
  CHECK(refused(model({initialiser("a", kInt8, {2}, part(5, varint(1)))})));
  CHECK(refused(model({initialiser("a", kInt8, {1}, part(5, varint(1) + "\x80"))})));
  CHECK(refused(model({initialiser("a", kInt8, {1}, part(5, std::string(10, '\xFF') + "\x01"))})));
  CHECK(refused(model({initialiser("a", kInt8, {1}, number(5, 1))})));
  CHECK(refused(model({initialiser("a", kFloat, {1}, part(13, part(1, "location") + part(2, "/etc/passwd")))})));
  CHECK(refused(model({initialiser("a", kFloat, {1}, four + number(14, 1))})));
  CHECK(refused(model({initialiser("a", kFloat, {1}, four), initialiser("a", kFloat, {1}, four)})));
  CHECK(refused(model({initialiser("a", kFloat, {1}, part(3, "") + four)})));
  CHECK(refused(part(7, part(15, ""))));
  CHECK(refused(part(7, varint(5 << 3 | 3))));              // a group
  CHECK(refused(part(7, "") + varint(0)));                  // field 0
  CHECK(refused(varint(7 << 3 | 2) + varint(~std::uint64_t{0})));
  const std::string good = model({initialiser("a", kFloat, {1}, four)}, {node("/a/MatMul", "MatMul", {"x", "onnx::a"})});
  for (std::size_t cut = 0; cut < good.size(); cut++) {
    CHECK(refused(good.substr(0, cut)));
  }
  std::mt19937 random(5);
  for (int round = 0; round < 20000; round++) {
    std::string bytes = good;
    for (unsigned k = random() % 3; k < 3; k++) bytes[random() % bytes.size()] = static_cast<char>(random());
    ptc_tensor_file* file = nullptr;
    ptc_status status = ptc_onnx_parse(bytes.data(), static_cast<std::int64_t>(bytes.size()), &file);
    CHECK(status == PTC_OK || status == PTC_INVALID_ARGUMENT);
    ptc_tensor_file_close(file);
  }
}

}  // namespace
