// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The tensors of one file, as the readers of both formats leave them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "descriptor.h"
#include "partita_files.h"

namespace partita::files {

constexpr int kMaxRank = 8;

// A whole file, mapped read-only; empty files have no address.
class Mapping {
 public:
  Mapping() = default;
  explicit Mapping(const char* path);  // throws Failure
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();
  const unsigned char* data() const { return data_; }
  std::int64_t size() const { return size_; }
  int fd() const { return fd_.get(); }
  const std::string& path() const { return path_; }

 private:
  store::Descriptor fd_;
  unsigned char* data_ = nullptr;
  std::int64_t size_ = 0;
  std::string path_;
};

struct Tensor {
  std::string name;
  std::int32_t dtype = 0;
  std::vector<std::int64_t> shape;
  std::int64_t offset = 0;  // in the file; -1: unpacked, only at `data`
  std::int64_t bytes = 0;
  const void* data = nullptr;
};

// Elements times bytes of one, or -1 if that is above 2^63 - 1 or a size is negative.
std::int64_t bytes_of_shape(std::int32_t dtype, const std::int64_t* shape, std::size_t rank);
// The number of a type's name, or -1.
std::int32_t dtype_of(const std::string& name);

}  // namespace partita::files

struct ptc_tensor_file {
  std::unique_ptr<partita::files::Mapping> mapping;  // none if it was parsed from memory
  std::vector<partita::files::Tensor> tensors;       // sorted by name
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<std::unique_ptr<unsigned char[]>> unpacked;  // what could not be used in place
};

namespace partita::files {

// Fills the file's tensors and metadata from a header that is followed by data_bytes; data: their address, or null.
void read_safetensors(ptc_tensor_file& file, const char* header, std::int64_t header_bytes, std::int64_t data_bytes,
                      std::int64_t data_offset, const unsigned char* data);
std::unique_ptr<ptc_tensor_file> open_safetensors(const char* path);
void read_onnx(ptc_tensor_file& file, const unsigned char* bytes, std::int64_t count);
// Sorts by name; throws InvalidArgument if one appears twice.
void sort_by_name(ptc_tensor_file& file, const char* format);
// By read(): PTC_STORAGE_FAILURE where the file ends before.
void read_at(const Mapping& file, std::int64_t offset, void* into, std::int64_t bytes);
// By read(), or by copy where the tensor is not in the file as it is.
void read_tensor(const ptc_tensor_file& file, const Tensor& tensor, void* into);

}  // namespace partita::files
