// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "tensor_set.h"

#include <algorithm>
#include <cstdio>
#include <memory>

#include "failure.h"
#include "json.h"
#include "tensor_file.h"

namespace partita::files {
namespace {

constexpr char kSuffix[] = ".safetensors";
constexpr std::size_t kSuffixBytes = sizeof kSuffix - 1;
constexpr std::size_t kNumbersBytes = 15;  // -00001-of-00003

bool ends_in_suffix(const std::string& name) {
  return name.size() > kSuffixBytes && name.compare(name.size() - kSuffixBytes, kSuffixBytes, kSuffix) == 0;
}

SetFile& last_file(ptc_tensor_set* set) {
  if (set->files.empty()) throw InvalidArgument("the set has no file yet: ptc_tensor_set_file comes first");
  set->files.back().header.clear();
  return set->files.back();
}

}  // namespace

void require_data(const std::vector<SetFile>& files) {
  for (const SetFile& file : files) {
    for (const SetTensor& tensor : file.tensors) {
      if (tensor.bytes > 0 && tensor.data == nullptr) throw InvalidArgument(tensor.name + " has no data, only a shape");
    }
  }
}

bool is_file_name(const std::string& name) {
  auto fine = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return name.size() <= 200 && name[0] != '.' && ends_in_suffix(name) && std::all_of(name.begin(), name.end(), fine);
}

std::string shard_name(const std::string& file, std::size_t number, std::size_t of) {
  if (of == 1) return file;
  char numbers[48];
  std::snprintf(numbers, sizeof numbers, "-%05zu-of-%05zu", number, of);
  return file.substr(0, file.size() - kSuffixBytes) + numbers + kSuffix;
}

std::string file_of_shard(const std::string& shard) {
  if (!ends_in_suffix(shard) || shard.size() <= kSuffixBytes + kNumbersBytes) return shard;
  std::size_t at = shard.size() - kSuffixBytes - kNumbersBytes;
  auto digits = [&](std::size_t from) {
    return std::all_of(shard.begin() + static_cast<std::ptrdiff_t>(from),
                       shard.begin() + static_cast<std::ptrdiff_t>(from) + 5,
                       [](char c) { return c >= '0' && c <= '9'; });
  };
  bool numbered = shard[at] == '-' && digits(at + 1) && shard.compare(at + 6, 4, "-of-") == 0 && digits(at + 10);
  return numbered ? shard.substr(0, at) + kSuffix : shard;
}

std::string header_of(const std::vector<std::pair<std::string, std::string>>& metadata,
                      const std::vector<const SetTensor*>& tensors) {
  constexpr char kFormat[] = "safetensors";
  std::string json = "{";
  if (!metadata.empty()) {
    json += "\"__metadata__\":{";
    for (const auto& [key, value] : metadata) {
      if (json.back() != '{') json += ",";
      json += json_string(kFormat, key) + ":" + json_string(kFormat, value);
    }
    json += "}";
  }
  std::int64_t at = 0;
  for (const SetTensor* tensor : tensors) {
    if (json.size() > 1) json += ",";
    json += json_string(kFormat, tensor->name) + ":{\"dtype\":\"" + ptc_file_dtype_name(tensor->dtype) + "\",\"shape\":[";
    for (std::size_t d = 0; d < tensor->shape.size(); d++) {
      json += (d == 0 ? "" : ",") + std::to_string(tensor->shape[d]);
    }
    json += "],\"data_offsets\":[" + std::to_string(at) + "," + std::to_string(at + tensor->bytes) + "]}";
    at += tensor->bytes;
  }
  json += "}";
  json.append((8 - json.size() % 8) % 8, ' ');
  std::string header(8, '\0');
  for (std::size_t k = 0; k < 8; k++) header[k] = static_cast<char>(json.size() >> (8 * k) & 0xFF);
  return header + json;
}

}  // namespace partita::files

using partita::InvalidArgument;
using partita::require;
using partita::files::SetFile;
using partita::files::SetTensor;
using partita::store::store_guarded;

ptc_status ptc_tensor_set_create(ptc_tensor_set** out) {
  return store_guarded([&] {
    require(out != nullptr, "ptc_tensor_set_create: out is null");
    *out = new ptc_tensor_set();
  });
}

void ptc_tensor_set_destroy(ptc_tensor_set* set) { delete set; }

ptc_status ptc_tensor_set_file(ptc_tensor_set* set, const char* name) {
  return store_guarded([&] {
    require(set != nullptr && name != nullptr, "ptc_tensor_set_file: a pointer is null");
    if (!partita::files::is_file_name(name)) {
      throw InvalidArgument(std::string("ptc_tensor_set_file: ") + name + " is not a name of the form model.safetensors");
    }
    for (const SetFile& file : set->files) {
      if (file.name == name) throw InvalidArgument(file.name + " is in the set already");
    }
    set->files.push_back(SetFile{name, {}, {}, {}});
  });
}

ptc_status ptc_tensor_set_metadata(ptc_tensor_set* set, const char* key, const char* value) {
  return store_guarded([&] {
    require(set != nullptr && key != nullptr && value != nullptr, "ptc_tensor_set_metadata: a pointer is null");
    SetFile& file = partita::files::last_file(set);
    partita::files::json_string("ptc_tensor_set_metadata", key);
    partita::files::json_string("ptc_tensor_set_metadata", value);
    for (const auto& known : file.metadata) {
      if (known.first == key) throw InvalidArgument("metadata " + known.first + " is in the file already");
    }
    file.metadata.emplace_back(key, value);
  });
}

ptc_status ptc_tensor_set_add(ptc_tensor_set* set, const char* name, int32_t dtype, int32_t rank,
                              const int64_t* shape, void* data) {
  return store_guarded([&] {
    require(set != nullptr && name != nullptr, "ptc_tensor_set_add: a pointer is null");
    require(ptc_file_dtype_bytes(dtype) != 0, "ptc_tensor_set_add: dtype is none of PTC_FILE_*");
    require(rank >= 0 && rank <= partita::files::kMaxRank, "ptc_tensor_set_add: rank must be 0 to 8");
    require(rank == 0 || shape != nullptr, "ptc_tensor_set_add: shape is null");
    SetFile& file = partita::files::last_file(set);
    SetTensor tensor{name, dtype, {}, static_cast<char*>(data), 0};
    if (rank > 0) tensor.shape.assign(shape, shape + rank);
    tensor.bytes = partita::files::bytes_of_shape(dtype, tensor.shape.data(), tensor.shape.size());
    if (tensor.bytes < 0 || tensor.bytes > std::int64_t{1} << 46) {
      throw InvalidArgument(tensor.name + ": the shape is negative or of more than 2^46 bytes");
    }
    partita::files::json_string("ptc_tensor_set_add", tensor.name);
    if (tensor.name == "__metadata__") throw InvalidArgument("a tensor cannot be named __metadata__");
    for (const SetTensor& known : file.tensors) {
      if (known.name == tensor.name) throw InvalidArgument(tensor.name + " is in the file already");
    }
    file.tensors.push_back(std::move(tensor));
  });
}

ptc_status ptc_tensor_set_header(ptc_tensor_set* set, int32_t file, const void** out, int64_t* bytes) {
  return store_guarded([&] {
    require(set != nullptr && out != nullptr && bytes != nullptr, "ptc_tensor_set_header: a pointer is null");
    require(file >= 0 && static_cast<std::size_t>(file) < set->files.size(),
            "ptc_tensor_set_header: there is no file of that number");
    SetFile& wanted = set->files[static_cast<std::size_t>(file)];
    if (wanted.header.empty()) {
      std::vector<const SetTensor*> tensors;
      for (const SetTensor& tensor : wanted.tensors) tensors.push_back(&tensor);
      wanted.header = partita::files::header_of(wanted.metadata, tensors);
    }
    *out = wanted.header.data();
    *bytes = static_cast<int64_t>(wanted.header.size());
  });
}
