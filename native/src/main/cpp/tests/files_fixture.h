// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Folders, files and sets for the tests of files/.
#pragma once

#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "check.h"
#include "partita_files.h"

namespace partita::tests {

// A folder that is gone with the test.
struct Folder {
  Folder() {
    char path[] = "/tmp/partita-files-XXXXXX";
    this->path = mkdtemp(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string operator/(const std::string& name) const { return path + "/" + name; }
  std::string path;
};

inline void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Length, header, data.
inline std::string safetensors(const std::string& header, const std::string& data) {
  std::string bytes(8, '\0');
  for (std::size_t k = 0; k < 8; k++) bytes[k] = static_cast<char>(header.size() >> (8 * k) & 0xFF);
  return bytes + header + data;
}

// Two files of three tensors whose every value says which version of the set it is of.
class VersionedSet {
 public:
  explicit VersionedSet(std::int64_t values = 5000) {
    CHECK_OK(ptc_tensor_set_create(&set_));
    CHECK_OK(ptc_tensor_set_file(set_, "model.safetensors"));
    CHECK_OK(ptc_tensor_set_metadata(set_, "format", "pt"));
    add("weight", {values / 5, 5});
    add("bias", {3});
    CHECK_OK(ptc_tensor_set_file(set_, "optimizer.safetensors"));
    add("moment", {values});
  }
  VersionedSet(const VersionedSet&) = delete;
  ~VersionedSet() { ptc_tensor_set_destroy(set_); }

  ptc_tensor_set* get() { return set_; }
  void fill(float version) {
    for (std::size_t t = 0; t < tensors_.size(); t++) {
      for (std::size_t i = 0; i < tensors_[t].size(); i++) tensors_[t][i] = value(version, t, i);
    }
  }
  bool is(float version) const {
    for (std::size_t t = 0; t < tensors_.size(); t++) {
      for (std::size_t i = 0; i < tensors_[t].size(); i++) {
        if (tensors_[t][i] != value(version, t, i)) return false;
      }
    }
    return true;
  }

 private:
  static float value(float version, std::size_t tensor, std::size_t i) {
    return version * 1e6f + static_cast<float>(tensor * 100000 + i);
  }
  void add(const char* name, std::vector<std::int64_t> shape) {
    std::size_t count = 1;
    for (std::int64_t size : shape) count *= static_cast<std::size_t>(size);
    tensors_.emplace_back(count);
    CHECK_OK(ptc_tensor_set_add(set_, name, PTC_FILE_F32, static_cast<std::int32_t>(shape.size()), shape.data(),
                                tensors_.back().data()));
  }

  ptc_tensor_set* set_ = nullptr;
  std::vector<std::vector<float>> tensors_;
};

}  // namespace partita::tests
