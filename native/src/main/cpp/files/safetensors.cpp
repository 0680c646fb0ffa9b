// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The safetensors format, read: https://huggingface.co/docs/safetensors. What it leaves to the reader is decided for
// the stricter side, as partita_files.h says.
#include <algorithm>
#include <cstring>

#include "failure.h"
#include "json.h"
#include "tensor_file.h"

namespace partita::files {
namespace {

constexpr char kFormat[] = "safetensors";
constexpr char kMetadata[] = "__metadata__";
constexpr std::int64_t kMaxHeaderBytes = std::int64_t{16} << 20;

void read_metadata(Json& json, ptc_tensor_file& file) {
  json.expect('{');
  if (json.take('}')) return;
  do {
    std::string key = json.string();
    json.expect(':');
    file.metadata.emplace_back(std::move(key), json.string());
  } while (json.more('}'));
  std::sort(file.metadata.begin(), file.metadata.end());
  for (std::size_t k = 1; k < file.metadata.size(); k++) {
    if (file.metadata[k].first == file.metadata[k - 1].first) {
      json.refuse("metadata " + file.metadata[k].first + " appears twice");
    }
  }
}

std::vector<std::int64_t> read_numbers(Json& json, std::size_t most) {
  std::vector<std::int64_t> numbers;
  json.expect('[');
  if (json.take(']')) return numbers;
  do {
    if (numbers.size() == most) json.refuse("more than " + std::to_string(most) + " numbers");
    numbers.push_back(json.number());
  } while (json.more(']'));
  return numbers;
}

Tensor read_entry(Json& json, std::string name) {
  enum : unsigned { kDtype = 1, kShape = 2, kOffsets = 4 };
  Tensor tensor;
  tensor.name = std::move(name);
  std::vector<std::int64_t> offsets;
  unsigned seen = 0;
  auto once = [&](unsigned field) {
    if ((seen & field) != 0) json.refuse(tensor.name + " has a field twice");
    seen |= field;
  };
  json.expect('{');
  do {
    std::string field = json.string();
    json.expect(':');
    if (field == "dtype") {
      once(kDtype);
      std::string type = json.string();
      tensor.dtype = dtype_of(type);
      if (tensor.dtype < 0) json.refuse(tensor.name + " has the unknown dtype " + type);
    } else if (field == "shape") {
      once(kShape);
      tensor.shape = read_numbers(json, kMaxRank);
    } else if (field == "data_offsets") {
      once(kOffsets);
      offsets = read_numbers(json, 2);
    } else {
      json.refuse(tensor.name + " has the unknown field " + field);
    }
  } while (json.more('}'));
  if (seen != (kDtype | kShape | kOffsets) || offsets.size() != 2 || offsets[1] < offsets[0]) {
    json.refuse(tensor.name + " needs dtype, shape and two data_offsets in order");
  }
  tensor.offset = offsets[0];
  tensor.bytes = offsets[1] - offsets[0];
  if (bytes_of_shape(tensor.dtype, tensor.shape.data(), tensor.shape.size()) != tensor.bytes) {
    json.refuse(tensor.name + " has " + std::to_string(tensor.bytes) + " bytes, which its shape does not fill");
  }
  return tensor;
}

// Tensors cover the data without gap or overlap.
void check_cover(const std::vector<Tensor>& tensors, std::int64_t data_bytes) {
  std::vector<const Tensor*> by_place;
  by_place.reserve(tensors.size());
  for (const Tensor& tensor : tensors) by_place.push_back(&tensor);
  std::sort(by_place.begin(), by_place.end(), [](const Tensor* a, const Tensor* b) {
    return a->offset != b->offset ? a->offset < b->offset : a->bytes < b->bytes;
  });
  std::int64_t at = 0;
  for (const Tensor* tensor : by_place) {
    if (tensor->offset != at) {
      throw InvalidArgument("safetensors: gap or overlap at byte " + std::to_string(at) + " of the data, before " +
                            tensor->name);
    }
    at = tensor->offset + tensor->bytes;  // no overflow: both were read from numbers below 2^63
  }
  if (at != data_bytes) {
    throw InvalidArgument("safetensors: the tensors end at byte " + std::to_string(at) + ", the data at byte " +
                          std::to_string(data_bytes));
  }
}

}  // namespace

void read_safetensors(ptc_tensor_file& file, const char* header, std::int64_t header_bytes, std::int64_t data_bytes,
                      std::int64_t data_offset, const unsigned char* data) {
  if (header_bytes < 2 || header_bytes > kMaxHeaderBytes) {
    throw InvalidArgument("safetensors: a header of " + std::to_string(header_bytes) + " bytes");
  }
  if (header[0] != '{') throw InvalidArgument("safetensors: the header does not begin with {");
  Json json(kFormat, header, header_bytes);
  json.expect('{');
  bool metadata = false;
  if (!json.take('}')) {
    do {
      std::string name = json.string();
      json.expect(':');
      if (name == kMetadata) {
        if (metadata) json.refuse("__metadata__ appears twice");
        metadata = true;
        read_metadata(json, file);
      } else {
        file.tensors.push_back(read_entry(json, std::move(name)));
      }
    } while (json.more('}'));
  }
  json.end();
  sort_by_name(file, kFormat);
  check_cover(file.tensors, data_bytes);
  for (Tensor& tensor : file.tensors) {
    if (data != nullptr) tensor.data = data + tensor.offset;
    tensor.offset += data_offset;
  }
}

std::unique_ptr<ptc_tensor_file> open_safetensors(const char* path) {
  auto file = std::make_unique<ptc_tensor_file>();
  file->mapping = std::make_unique<Mapping>(path);
  std::int64_t size = file->mapping->size();
  if (size < 8) throw InvalidArgument("safetensors: a file of " + std::to_string(size) + " bytes has no header");
  // By read(), not through the mapping: the header of a file that becomes shorter is an error, not a SIGBUS.
  unsigned char start[8];
  read_at(*file->mapping, 0, start, sizeof start);
  std::uint64_t header_bytes = 0;
  for (int k = 7; k >= 0; k--) header_bytes = header_bytes << 8 | start[k];
  if (header_bytes > static_cast<std::uint64_t>(size - 8) || header_bytes > kMaxHeaderBytes) {
    throw InvalidArgument("safetensors: header length " + std::to_string(header_bytes) + " in a file of " +
                          std::to_string(size) + " bytes");
  }
  auto length = static_cast<std::int64_t>(header_bytes);
  std::string header(static_cast<std::size_t>(length), ' ');
  read_at(*file->mapping, 8, header.data(), length);
  read_safetensors(*file, header.data(), length, size - 8 - length, 8 + length,
                   file->mapping->data() + 8 + length);
  return file;
}

}  // namespace partita::files
