// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "tensor_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "failure.h"

namespace partita::files {
namespace {

struct Type {
  const char* name;
  std::int32_t bytes;
};
constexpr Type kTypes[] = {{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1},
                           {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
                           {"U32", 4},  {"F32", 4}, {"F64", 8}, {"I64", 8},     {"U64", 8}};
constexpr std::int32_t kTypeCount = sizeof kTypes / sizeof kTypes[0];

const Tensor* at(const ptc_tensor_file* file, std::int32_t i) {
  if (file == nullptr || i < 0 || static_cast<std::size_t>(i) >= file->tensors.size()) return nullptr;
  return &file->tensors[static_cast<std::size_t>(i)];
}

}  // namespace

std::int32_t dtype_of(const std::string& name) {
  for (std::int32_t i = 0; i < kTypeCount; i++) {
    if (name == kTypes[i].name) return i;
  }
  return -1;
}

std::int64_t bytes_of_shape(std::int32_t dtype, const std::int64_t* shape, std::size_t rank) {
  std::int64_t bytes = ptc_file_dtype_bytes(dtype);
  for (std::size_t d = 0; d < rank; d++) {
    if (shape[d] < 0 || __builtin_mul_overflow(bytes, shape[d], &bytes)) return -1;
  }
  return bytes;
}

Mapping::Mapping(const char* path) : path_(path) {
  // A FIFO or a device would block or never end: regular files only, and no wait to find that out.
  fd_.reset(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!fd_.open()) {
    if (errno == ENOENT) throw store::Failure(PTC_NOT_FOUND, path_ + " does not exist");
    store::fail_with_errno("open " + path_);
  }
  if (fstat(fd_.get(), &status) != 0) store::fail_with_errno("stat " + path_);
  if (!S_ISREG(status.st_mode)) throw InvalidArgument(path_ + " is not a regular file");
  size_ = status.st_size;
  if (size_ == 0) return;
  void* address = mmap(nullptr, static_cast<std::size_t>(size_), PROT_READ, MAP_SHARED, fd_.get(), 0);
  if (address == MAP_FAILED) store::fail_with_errno("map " + path_);
  data_ = static_cast<unsigned char*>(address);
}

Mapping::~Mapping() {
  if (data_ != nullptr) munmap(data_, static_cast<std::size_t>(size_));
}

void sort_by_name(ptc_tensor_file& file, const char* format) {
  std::sort(file.tensors.begin(), file.tensors.end(),
            [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
  for (std::size_t i = 1; i < file.tensors.size(); i++) {
    if (file.tensors[i].name == file.tensors[i - 1].name) {
      throw InvalidArgument(std::string(format) + ": tensor " + file.tensors[i].name + " appears twice");
    }
  }
}

void read_at(const Mapping& file, std::int64_t offset, void* into, std::int64_t bytes) {
  std::int64_t done = 0;
  while (done < bytes) {
    ssize_t count =
        pread(file.fd(), static_cast<char*>(into) + done, static_cast<std::size_t>(bytes - done), offset + done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) store::fail_with_errno("read " + file.path());
    if (count == 0) throw store::Failure(PTC_STORAGE_FAILURE, file.path() + " became shorter while it was read");
    done += count;
  }
}

void read_tensor(const ptc_tensor_file& file, const Tensor& tensor, void* into) {
  if (file.mapping != nullptr && tensor.offset >= 0) return read_at(*file.mapping, tensor.offset, into, tensor.bytes);
  if (tensor.bytes > 0) std::memcpy(into, tensor.data, static_cast<std::size_t>(tensor.bytes));
}

}  // namespace partita::files

using partita::require;
using partita::files::at;
using partita::files::Tensor;
using partita::store::store_guarded;

int32_t ptc_file_dtype_bytes(int32_t dtype) {
  return dtype < 0 || dtype >= partita::files::kTypeCount ? 0 : partita::files::kTypes[dtype].bytes;
}

const char* ptc_file_dtype_name(int32_t dtype) {
  return dtype < 0 || dtype >= partita::files::kTypeCount ? "" : partita::files::kTypes[dtype].name;
}

ptc_status ptc_safetensors_open(const char* path, ptc_tensor_file** out) {
  return store_guarded([&] {
    require(path != nullptr && out != nullptr, "ptc_safetensors_open: a pointer is null");
    *out = partita::files::open_safetensors(path).release();
  });
}

ptc_status ptc_safetensors_parse(const void* header, int64_t header_bytes, int64_t data_bytes,
                                 ptc_tensor_file** out) {
  return store_guarded([&] {
    require(header != nullptr && out != nullptr, "ptc_safetensors_parse: a pointer is null");
    require(header_bytes >= 0 && data_bytes >= 0, "ptc_safetensors_parse: a size is negative");
    auto file = std::make_unique<ptc_tensor_file>();
    partita::files::read_safetensors(*file, static_cast<const char*>(header), header_bytes, data_bytes, 0, nullptr);
    *out = file.release();
  });
}

ptc_status ptc_onnx_open(const char* path, ptc_tensor_file** out) {
  return store_guarded([&] {
    require(path != nullptr && out != nullptr, "ptc_onnx_open: a pointer is null");
    auto file = std::make_unique<ptc_tensor_file>();
    file->mapping = std::make_unique<partita::files::Mapping>(path);
    partita::files::read_onnx(*file, file->mapping->data(), file->mapping->size());
    *out = file.release();
  });
}

ptc_status ptc_onnx_parse(const void* bytes, int64_t count, ptc_tensor_file** out) {
  return store_guarded([&] {
    require(out != nullptr && (bytes != nullptr || count == 0), "ptc_onnx_parse: a pointer is null");
    require(count >= 0, "ptc_onnx_parse: count is negative");
    auto file = std::make_unique<ptc_tensor_file>();
    partita::files::read_onnx(*file, static_cast<const unsigned char*>(bytes), count);
    *out = file.release();
  });
}

void ptc_tensor_file_close(ptc_tensor_file* file) { delete file; }

int32_t ptc_tensor_file_count(const ptc_tensor_file* file) {
  return file == nullptr ? -1 : static_cast<int32_t>(file->tensors.size());
}

int32_t ptc_tensor_file_find(const ptc_tensor_file* file, const char* name) {
  if (file == nullptr || name == nullptr) return -1;
  auto found = std::lower_bound(file->tensors.begin(), file->tensors.end(), name,
                                [](const Tensor& tensor, const char* wanted) { return tensor.name < wanted; });
  return found != file->tensors.end() && found->name == name ? static_cast<int32_t>(found - file->tensors.begin()) : -1;
}

const char* ptc_tensor_file_name(const ptc_tensor_file* file, int32_t i) {
  const Tensor* tensor = at(file, i);
  return tensor == nullptr ? nullptr : tensor->name.c_str();
}

int32_t ptc_tensor_file_dtype(const ptc_tensor_file* file, int32_t i) {
  const Tensor* tensor = at(file, i);
  return tensor == nullptr ? -1 : tensor->dtype;
}

int32_t ptc_tensor_file_rank(const ptc_tensor_file* file, int32_t i) {
  const Tensor* tensor = at(file, i);
  return tensor == nullptr ? -1 : static_cast<int32_t>(tensor->shape.size());
}

const int64_t* ptc_tensor_file_shape(const ptc_tensor_file* file, int32_t i) {
  const Tensor* tensor = at(file, i);
  return tensor == nullptr ? nullptr : tensor->shape.data();
}

int64_t ptc_tensor_file_offset(const ptc_tensor_file* file, int32_t i) {
  const Tensor* tensor = at(file, i);
  return tensor == nullptr ? -1 : tensor->offset;
}

int64_t ptc_tensor_file_bytes(const ptc_tensor_file* file, int32_t i) {
  const Tensor* tensor = at(file, i);
  return tensor == nullptr ? -1 : tensor->bytes;
}

const void* ptc_tensor_file_data(const ptc_tensor_file* file, int32_t i) {
  const Tensor* tensor = at(file, i);
  return tensor == nullptr ? nullptr : tensor->data;
}

ptc_status ptc_tensor_file_read(const ptc_tensor_file* file, int32_t i, void* into, int64_t bytes) {
  return store_guarded([&] {
    const Tensor* tensor = at(file, i);
    require(tensor != nullptr, "ptc_tensor_file_read: there is no tensor of that number");
    if (tensor->bytes != bytes) {
      throw partita::InvalidArgument(tensor->name + " has " + std::to_string(tensor->bytes) + " bytes, not " +
                                     std::to_string(bytes));
    }
    require(into != nullptr || bytes == 0, "ptc_tensor_file_read: into is null");
    require(file->mapping != nullptr || tensor->data != nullptr || bytes == 0,
            "ptc_tensor_file_read: only the header of this file is known");
    partita::files::read_tensor(*file, *tensor, into);
  });
}

int32_t ptc_tensor_file_metadata_count(const ptc_tensor_file* file) {
  return file == nullptr ? -1 : static_cast<int32_t>(file->metadata.size());
}

const char* ptc_tensor_file_metadata_key(const ptc_tensor_file* file, int32_t k) {
  if (k < 0 || k >= ptc_tensor_file_metadata_count(file)) return nullptr;
  return file->metadata[static_cast<std::size_t>(k)].first.c_str();
}

const char* ptc_tensor_file_metadata_value(const ptc_tensor_file* file, int32_t k) {
  if (k < 0 || k >= ptc_tensor_file_metadata_count(file)) return nullptr;
  return file->metadata[static_cast<std::size_t>(k)].second.c_str();
}
