// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// A safetensors file, and a manifest, from anybody. What is read must cover its data exactly and be written again to
// what means the same.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "partita_files.h"
#include "set_writer.h"
#include "status.h"

namespace {

[[noreturn]] void wrong(const char* what) {
  std::fprintf(stderr, "safetensors_fuzz: %s\n", what);
  std::abort();
}

void write_again(const ptc_tensor_file* file) {
  std::vector<partita::files::SetTensor> tensors;
  for (std::int32_t i = 0; i < ptc_tensor_file_count(file); i++) {
    const std::int64_t* shape = ptc_tensor_file_shape(file, i);
    tensors.push_back({ptc_tensor_file_name(file, i), ptc_tensor_file_dtype(file, i),
                       {shape, shape + ptc_tensor_file_rank(file, i)}, nullptr, ptc_tensor_file_bytes(file, i)});
  }
  std::vector<const partita::files::SetTensor*> list;
  std::int64_t bytes = 0;
  for (const auto& tensor : tensors) list.push_back(&tensor), bytes += tensor.bytes;
  std::vector<std::pair<std::string, std::string>> metadata;
  for (std::int32_t k = 0; k < ptc_tensor_file_metadata_count(file); k++) {
    metadata.emplace_back(ptc_tensor_file_metadata_key(file, k), ptc_tensor_file_metadata_value(file, k));
  }
  std::string header = partita::files::header_of(metadata, list);
  ptc_tensor_file* again = nullptr;
  if (ptc_safetensors_parse(header.data() + 8, static_cast<std::int64_t>(header.size()) - 8, bytes, &again) != PTC_OK) {
    wrong("what was read, written again, is not read");
  }
  if (ptc_tensor_file_count(again) != ptc_tensor_file_count(file)) wrong("a tensor was lost");
  for (std::int32_t i = 0; i < ptc_tensor_file_count(file); i++) {
    if (ptc_tensor_file_find(again, ptc_tensor_file_name(file, i)) != i) wrong("a name changed");
  }
  ptc_tensor_file_close(again);
}

void open_file(const std::uint8_t* bytes, std::size_t count) {
  static int fd = memfd_create("fuzz", MFD_CLOEXEC);
  static const std::string path = "/proc/self/fd/" + std::to_string(fd);
  if (ftruncate(fd, static_cast<off_t>(count)) != 0) wrong("ftruncate");
  if (pwrite(fd, bytes, count, 0) != static_cast<ssize_t>(count)) wrong("pwrite");
  ptc_tensor_file* file = nullptr;
  if (ptc_safetensors_open(path.c_str(), &file) != PTC_OK) return;
  std::int64_t covered = 0;
  std::int32_t sum = 0;
  for (std::int32_t i = 0; i < ptc_tensor_file_count(file); i++) {
    covered += ptc_tensor_file_bytes(file, i);
    sum = ptc_crc32c(sum, ptc_tensor_file_data(file, i), ptc_tensor_file_bytes(file, i));
    std::vector<char> copy(static_cast<std::size_t>(ptc_tensor_file_bytes(file, i)));
    if (ptc_tensor_file_read(file, i, copy.data(), static_cast<std::int64_t>(copy.size())) != PTC_OK) wrong("read");
  }
  if (covered + 8 > static_cast<std::int64_t>(count)) wrong("tensors larger than the file");
  write_again(file);
  ptc_tensor_file_close(file);
}

void manifest(const std::string& json) {
  try {
    std::vector<partita::files::ManifestPart> parts = partita::files::parse_manifest(json);
    std::string again = partita::files::manifest_of(parts);
    if (partita::files::manifest_of(partita::files::parse_manifest(again)) != again) wrong("a manifest changed");
    for (const auto& part : parts) {
      if (part.name.find('/') != std::string::npos) wrong("a manifest names a file elsewhere");
    }
  } catch (const partita::InvalidArgument&) {
  }
}

}  // namespace

// The first byte says whether the rest is a manifest or a file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  if (count == 0) return 0;
  if (bytes[0] == 'm') {
    manifest(std::string(reinterpret_cast<const char*>(bytes) + 1, count - 1));
  } else {
    open_file(bytes + 1, count - 1);
  }
  return 0;
}
