// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Files of tensors by address, and the headers they get.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "partita_files.h"

namespace partita::files {

struct SetTensor {
  std::string name;
  std::int32_t dtype;
  std::vector<std::int64_t> shape;
  char* data;
  std::int64_t bytes;
};

struct SetFile {
  std::string name;
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<SetTensor> tensors;
  std::string header;  // made when asked for
};

// Throws InvalidArgument for a tensor that was added with null.
void require_data(const std::vector<SetFile>& files);
// A name that cannot leave its folder.
bool is_file_name(const std::string& name);
// Length and header of a file of these tensors, in this order.
std::string header_of(const std::vector<std::pair<std::string, std::string>>& metadata,
                      const std::vector<const SetTensor*>& tensors);
// model.safetensors, or model-00002-of-00003.safetensors.
std::string shard_name(const std::string& file, std::size_t number, std::size_t of);
// The file that a shard's name belongs to; the name itself if it is no shard's.
std::string file_of_shard(const std::string& shard);

}  // namespace partita::files

struct ptc_tensor_set {
  std::vector<partita::files::SetFile> files;
};
