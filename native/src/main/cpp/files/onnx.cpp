// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The initialisers of an ONNX model, by a walk over the protobuf wire format
// (https://protobuf.dev/programming-guides/encoding, field numbers from onnx.proto of ONNX 1.19). Only four kinds of
// message are entered, none of which contains itself, so nothing recurses.
#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>

#include "json.h"
#include "status.h"
#include "tensor_file.h"

namespace partita::files {
namespace {

using Bytes = std::basic_string_view<unsigned char>;

constexpr std::int64_t kMaxBytes = (std::int64_t{1} << 31) - 1;
constexpr std::size_t kMaxInitialisers = 1'000'000;

[[noreturn]] void refuse(const std::string& why) { throw InvalidArgument("onnx: " + why); }

enum WireType : unsigned { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

// One message, field by field.
class Message {
 public:
  explicit Message(Bytes bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  // False at the end; else the next field's number and type are there.
  bool next() {
    if (at_ == end_) return false;
    std::uint64_t tag = varint();
    field_ = tag >> 3;
    type_ = static_cast<unsigned>(tag & 7);
    if (field_ == 0 || field_ > (1u << 29) - 1) refuse("a field of number " + std::to_string(field_));
    return true;
  }
  bool is(std::uint64_t field, unsigned type) const { return field_ == field && type_ == type; }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      if (at_ == end_) refuse("a number without an end");
      unsigned byte = *at_++;
      if (shift == 63 && byte > 1) refuse("a number of more than 64 bits");
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    refuse("a number of more than 10 bytes");
  }

  Bytes bytes() { return take(varint()); }
  Bytes fixed(std::uint64_t count) { return take(count); }

  void skip() {
    switch (type_) {
      case kVarint: varint(); return;
      case kFixed64: take(8); return;
      case kLength: bytes(); return;
      case kFixed32: take(4); return;
      default: refuse("a field of wire type " + std::to_string(type_));
    }
  }

 private:
  Bytes take(std::uint64_t count) {
    if (count > static_cast<std::uint64_t>(end_ - at_)) refuse("a field of " + std::to_string(count) + " bytes, longer than what holds it");
    Bytes part(at_, static_cast<std::size_t>(count));
    at_ += count;
    return part;
  }

  const unsigned char* at_;
  const unsigned char* end_;
  std::uint64_t field_ = 0;
  unsigned type_ = 0;
};

std::string text_of(Bytes bytes) {
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.size() > 4096 || !is_text(text)) refuse("a name that is longer than 4096 bytes or not UTF-8");
  return text;
}

// ---- a tensor ----------------------------------------------------------------------------------

// onnx.TensorProto.DataType to PTC_FILE_*; -1: not a type we read.
std::int32_t dtype_of_onnx(std::uint64_t type) {
  constexpr std::int32_t kNone = -1;
  constexpr std::int32_t kTypes[] = {kNone,         PTC_FILE_F32, PTC_FILE_U8,  PTC_FILE_I8,  PTC_FILE_U16,
                                     PTC_FILE_I16,  PTC_FILE_I32, PTC_FILE_I64, kNone,        PTC_FILE_BOOL,
                                     PTC_FILE_F16,  PTC_FILE_F64, PTC_FILE_U32, PTC_FILE_U64, kNone,
                                     kNone,         PTC_FILE_BF16, PTC_FILE_F8_E4M3, kNone,   PTC_FILE_F8_E5M2};
  return type < sizeof kTypes / sizeof kTypes[0] ? kTypes[type] : kNone;
}

// Where the values of a tensor lie, still encoded.
struct Values {
  std::uint64_t type = 0;
  Bytes raw;
  bool has_raw = false;
  std::vector<Bytes> fixed;    // float_data, double_data
  std::vector<Bytes> varints;  // int32_data, int64_data, uint64_data
  unsigned fields = 0;         // bit n: field n was seen
};

// The field a type's values are in, beside raw_data.
unsigned field_of(std::int32_t dtype) {
  switch (dtype) {
    case PTC_FILE_F32: return 4;
    case PTC_FILE_F64: return 10;
    case PTC_FILE_I64: return 7;
    case PTC_FILE_U32:
    case PTC_FILE_U64: return 11;
    default: return 5;
  }
}

bool fits(std::int32_t dtype, std::uint64_t value) {
  auto number = static_cast<std::int64_t>(value);
  switch (dtype) {
    case PTC_FILE_BOOL: return value <= 1;
    case PTC_FILE_I8: return number >= -128 && number <= 127;
    case PTC_FILE_I16: return number >= -32768 && number <= 32767;
    case PTC_FILE_I32: return number >= INT32_MIN && number <= INT32_MAX;
    case PTC_FILE_U8:
    case PTC_FILE_F8_E4M3:
    case PTC_FILE_F8_E5M2: return value <= 0xFF;
    case PTC_FILE_U16:
    case PTC_FILE_F16:
    case PTC_FILE_BF16: return value <= 0xFFFF;
    case PTC_FILE_U32: return value <= 0xFFFFFFFFu;
    default: return true;
  }
}

unsigned char* unpacked(ptc_tensor_file& file, std::int64_t bytes) {
  file.unpacked.emplace_back(new unsigned char[static_cast<std::size_t>(std::max<std::int64_t>(bytes, 1))]);
  return file.unpacked.back().get();
}

// Numbers end where a byte has no high bit, so they are counted before anything is allocated.
void unpack_varints(ptc_tensor_file& file, Tensor& tensor, const Values& values) {
  std::int64_t count = 0;
  for (Bytes run : values.varints) {
    count += std::count_if(run.begin(), run.end(), [](unsigned char byte) { return byte < 0x80; });
  }
  auto width = static_cast<std::size_t>(ptc_file_dtype_bytes(tensor.dtype));
  if (count != tensor.bytes / static_cast<std::int64_t>(width)) {
    refuse(tensor.name + " has " + std::to_string(count) + " values, which its shape does not fill");
  }
  unsigned char* to = unpacked(file, tensor.bytes);
  tensor.data = to;
  tensor.offset = -1;
  for (Bytes run : values.varints) {
    Message numbers(run);
    for (auto left = std::count_if(run.begin(), run.end(), [](unsigned char byte) { return byte < 0x80; }); left > 0; left--) {
      std::uint64_t value = numbers.varint();
      if (!fits(tensor.dtype, value)) refuse(tensor.name + " has a value that its type cannot hold");
      std::memcpy(to, &value, width);  // the low bytes come first, here as in the file
      to += width;
    }
    if (numbers.next()) refuse(tensor.name + " has a number without an end");
  }
}

void place(ptc_tensor_file& file, Tensor& tensor, const Values& values, const unsigned char* start) {
  std::vector<Bytes> runs = values.fixed;
  if (values.has_raw) {
    if (values.fields != 0) refuse(tensor.name + " has values twice");
    runs = {values.raw};
  } else {
    unsigned field = field_of(tensor.dtype);
    if ((values.fields & ~(1u << field)) != 0) refuse(tensor.name + " has values of another type than its own");
    if (field != 4 && field != 10) return unpack_varints(file, tensor, values);
  }
  std::uint64_t bytes = 0;
  for (Bytes run : runs) bytes += run.size();
  if (bytes != static_cast<std::uint64_t>(tensor.bytes)) {
    refuse(tensor.name + " has " + std::to_string(bytes) + " bytes, which its shape does not fill");
  }
  if (runs.size() == 1) {
    tensor.data = runs[0].data();
    tensor.offset = runs[0].data() - start;
    return;
  }
  unsigned char* to = unpacked(file, tensor.bytes);
  tensor.data = to;
  tensor.offset = -1;
  for (Bytes run : runs) {
    if (!run.empty()) std::memcpy(to, run.data(), run.size());
    to += run.size();
  }
}

void add_dim(Tensor& tensor, std::uint64_t size) {
  if (tensor.shape.size() == kMaxRank) refuse("a tensor of more than 8 dimensions");
  if (size > static_cast<std::uint64_t>(INT64_MAX)) refuse("a negative dimension");
  tensor.shape.push_back(static_cast<std::int64_t>(size));
}

void read_initialiser(ptc_tensor_file& file, Bytes bytes, const unsigned char* start) {
  Tensor tensor;
  Values values;
  Message message(bytes);
  auto typed = [&](unsigned field) { values.fields |= 1u << field; };
  while (message.next()) {
    if (message.is(1, kVarint)) {
      add_dim(tensor, message.varint());
    } else if (message.is(1, kLength)) {
      Bytes packed = message.bytes();
      Message dims(packed);
      auto count = std::count_if(packed.begin(), packed.end(), [](unsigned char byte) { return byte < 0x80; });
      if (count > kMaxRank) refuse("a tensor of more than 8 dimensions");
      for (; count > 0; count--) add_dim(tensor, dims.varint());
      if (dims.next()) refuse("a dimension without an end");
    } else if (message.is(2, kVarint)) {
      values.type = message.varint();
    } else if (message.is(3, kLength)) {
      refuse("a tensor in segments");
    } else if (message.is(4, kLength)) {
      typed(4), values.fixed.push_back(message.bytes());
    } else if (message.is(4, kFixed32)) {
      typed(4), values.fixed.push_back(message.fixed(4));
    } else if (message.is(10, kLength)) {
      typed(10), values.fixed.push_back(message.bytes());
    } else if (message.is(10, kFixed64)) {
      typed(10), values.fixed.push_back(message.fixed(8));
    } else if (message.is(5, kLength)) {
      typed(5), values.varints.push_back(message.bytes());
    } else if (message.is(7, kLength)) {
      typed(7), values.varints.push_back(message.bytes());
    } else if (message.is(11, kLength)) {
      typed(11), values.varints.push_back(message.bytes());
    } else if (message.is(5, kVarint) || message.is(7, kVarint) || message.is(11, kVarint)) {
      refuse("integers that are not packed");
    } else if (message.is(6, kLength)) {
      refuse("a tensor of strings");
    } else if (message.is(8, kLength)) {
      tensor.name = text_of(message.bytes());
    } else if (message.is(9, kLength)) {
      if (values.has_raw) refuse("a tensor has values twice");
      values.has_raw = true;
      values.raw = message.bytes();
    } else if (message.is(13, kLength)) {
      refuse("values outside of the file, which are not followed");
    } else if (message.is(14, kVarint)) {
      if (message.varint() != 0) refuse("values outside of the file, which are not followed");
    } else {
      message.skip();
    }
  }
  tensor.dtype = dtype_of_onnx(values.type);
  if (tensor.dtype < 0) refuse(tensor.name + " has data type " + std::to_string(values.type) + ", which is not read");
  if (tensor.name.empty()) refuse("an initialiser without a name");
  tensor.bytes = bytes_of_shape(tensor.dtype, tensor.shape.data(), tensor.shape.size());
  if (tensor.bytes < 0) refuse(tensor.name + " is too large");
  if (tensor.bytes == 0 && !values.has_raw && values.fields == 0) values.has_raw = true;  // nothing need be said of nothing
  place(file, tensor, values, start);
  if (file.tensors.size() == kMaxInitialisers) refuse("more than a million initialisers");
  file.tensors.push_back(std::move(tensor));
}

// ---- names of anonymous weights ------------------------------------------------------------------

struct Use {
  std::string name;  // of the weight, from the node's
  bool transposed;
};

// Of "/encoder/layer.0/query/MatMul": "encoder.layer.0.query.weight"; empty if the node has no such name.
std::string weight_name(Bytes node) {
  std::string path = text_of(node);
  std::size_t end = path.rfind('/');
  if (path.empty() || path[0] != '/' || end == 0) return "";
  std::string name = path.substr(1, end - 1) + ".weight";
  std::replace(name.begin(), name.end(), '/', '.');
  return name;
}

// Gemm multiplies by the transposed matrix if its attribute transB is not 0.
bool is_trans_b(Bytes attribute) {
  Message message(attribute);
  bool named = false;
  std::uint64_t value = 0;
  while (message.next()) {
    if (message.is(1, kLength)) {
      Bytes name = message.bytes();
      named = name.size() == 6 && std::memcmp(name.data(), "transB", 6) == 0;
    } else if (message.is(3, kVarint)) {
      value = message.varint();
    } else {
      message.skip();
    }
  }
  return named && value != 0;
}

void read_node(Bytes bytes, std::map<std::string, Use>& uses) {
  Message message(bytes);
  Bytes name, operation, weight;
  int inputs = 0;
  bool trans_b = false;
  while (message.next()) {
    if (message.is(1, kLength)) {
      Bytes input = message.bytes();
      if (inputs++ == 1) weight = input;
    } else if (message.is(3, kLength)) {
      name = message.bytes();
    } else if (message.is(4, kLength)) {
      operation = message.bytes();
    } else if (message.is(5, kLength)) {
      trans_b = is_trans_b(message.bytes()) || trans_b;
    } else {
      message.skip();
    }
  }
  auto is = [&](const char* wanted) {
    return operation.size() == std::strlen(wanted) && std::memcmp(operation.data(), wanted, operation.size()) == 0;
  };
  if (weight.size() < 6 || std::memcmp(weight.data(), "onnx::", 6) != 0 || !(is("MatMul") || is("Gemm"))) return;
  std::string wanted = weight_name(name);
  if (!wanted.empty()) uses.emplace(text_of(weight), Use{wanted, !(is("Gemm") && trans_b)});
}

void name_anonymous(ptc_tensor_file& file, const std::map<std::string, Use>& uses) {
  std::map<std::string, int> wanted;  // a name that two would get, or that is taken, is given to none
  for (const auto& use : uses) wanted[use.second.name]++;
  for (const Tensor& tensor : file.tensors) wanted[tensor.name]++;
  for (Tensor& tensor : file.tensors) {
    auto use = uses.find(tensor.name);
    if (use == uses.end() || wanted[use->second.name] != 1) continue;
    tensor.name = use->second.name;
    if (use->second.transposed) file.metadata.emplace_back("transposed:" + tensor.name, "true");
  }
  std::sort(file.metadata.begin(), file.metadata.end());
}

}  // namespace

void read_onnx(ptc_tensor_file& file, const unsigned char* bytes, std::int64_t count) {
  if (count > kMaxBytes) refuse("a file of " + std::to_string(count) + " bytes is larger than a model can be");
  if (count == 0) refuse("an empty file");
  std::map<std::string, Use> uses;
  bool graph_seen = false;
  Message model(Bytes(bytes, static_cast<std::size_t>(count)));
  while (model.next()) {
    if (!model.is(7, kLength)) {
      model.skip();
      continue;
    }
    graph_seen = true;
    Message graph(model.bytes());
    while (graph.next()) {
      if (graph.is(1, kLength)) {
        read_node(graph.bytes(), uses);
      } else if (graph.is(5, kLength)) {
        read_initialiser(file, graph.bytes(), bytes);
      } else if (graph.is(15, kLength)) {
        refuse("a sparse initialiser");
      } else {
        graph.skip();
      }
    }
  }
  if (!graph_seen) refuse("no graph: this is not an ONNX model");
  sort_by_name(file, "onnx");
  name_anonymous(file, uses);
  sort_by_name(file, "onnx");
}

}  // namespace partita::files
