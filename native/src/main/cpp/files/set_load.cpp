// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The manifest, and reading a set by it.
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <memory>

#include "failure.h"
#include "json.h"
#include "set_writer.h"
#include "tensor_file.h"

namespace partita::files {
namespace {

constexpr std::int64_t kMaxManifestBytes = std::int64_t{16} << 20;
constexpr std::int64_t kPieceBytes = std::int64_t{1} << 20;

std::string hex(std::uint32_t crc) {
  char text[16];
  std::snprintf(text, sizeof text, "%08" PRIx32, crc);
  return text;
}

ManifestPart parse_part(Json& json) {
  ManifestPart part{"", -1, 0};
  std::string crc;
  json.expect('{');
  do {
    std::string field = json.string();
    json.expect(':');
    if (field == "name") {
      part.name = json.string();
    } else if (field == "bytes") {
      part.bytes = json.number();
    } else if (field == "crc32c") {
      crc = json.string();
    } else {
      json.refuse("the unknown field " + field);
    }
  } while (json.more('}'));
  unsigned value = 0;
  bool sum = crc.size() == 8 && std::sscanf(crc.c_str(), "%8x", &value) == 1 && hex(value) == crc;
  if (!is_file_name(part.name) || part.bytes < 0 || !sum) json.refuse("a file needs name, bytes and crc32c");
  part.crc32c = value;
  return part;
}

[[noreturn]] void lost(const std::string& path, const std::string& why) {
  throw store::Failure(PTC_DATA_LOSS, path + " " + why);
}

void check_sum(const Mapping& file, const ManifestPart& part) {
  if (file.size() != part.bytes) {
    lost(file.path(), "has " + std::to_string(file.size()) + " bytes, not " + std::to_string(part.bytes));
  }
  std::unique_ptr<char[]> piece(new char[kPieceBytes]);
  std::int32_t crc = 0;
  for (std::int64_t at = 0; at < part.bytes; at += kPieceBytes) {
    std::int64_t bytes = std::min(kPieceBytes, part.bytes - at);
    read_at(file, at, piece.get(), bytes);
    crc = ptc_crc32c(crc, piece.get(), bytes);
  }
  if (static_cast<std::uint32_t>(crc) != part.crc32c) lost(file.path(), "does not have the checksum of its manifest");
}

std::unique_ptr<ptc_tensor_file> open_part(const std::string& folder, const ManifestPart& part) {
  const std::string path = folder + "/" + part.name;
  try {
    std::unique_ptr<ptc_tensor_file> file = open_safetensors(path.c_str());
    check_sum(*file->mapping, part);
    return file;
  } catch (const store::Failure& e) {
    if (e.status == PTC_NOT_FOUND) lost(path, "is missing");
    throw;
  } catch (const InvalidArgument& e) {
    lost(path, std::string("cannot be read: ") + e.what());
  }
}

std::vector<ManifestPart> read_manifest(const std::string& folder) {
  const std::string path = folder + "/" + kManifest;
  Mapping file(path.c_str());  // PTC_NOT_FOUND: there is no set
  if (file.size() > kMaxManifestBytes) lost(path, "is larger than 16 MiB");
  std::string json(static_cast<std::size_t>(file.size()), '\0');
  read_at(file, 0, json.data(), file.size());
  try {
    return parse_manifest(json);
  } catch (const InvalidArgument& e) {
    lost(path, std::string("cannot be read: ") + e.what());
  }
}

}  // namespace

std::string manifest_of(const std::vector<ManifestPart>& parts) {
  std::string json = "{\"version\":1,\"files\":[";
  for (const ManifestPart& part : parts) {
    if (json.back() != '[') json += ",";
    json += "{\"name\":" + json_string("manifest", part.name) + ",\"bytes\":" + std::to_string(part.bytes) +
            ",\"crc32c\":\"" + hex(part.crc32c) + "\"}";
  }
  return json + "]}";
}

std::vector<ManifestPart> parse_manifest(const std::string& text) {
  Json json("manifest", text.data(), static_cast<std::int64_t>(text.size()));
  std::vector<ManifestPart> parts;
  bool version = false, files = false;
  json.expect('{');
  do {
    std::string field = json.string();
    json.expect(':');
    if (field == "version" && !version) {
      version = json.number() == 1;
    } else if (field == "files" && !files) {
      files = true;
      json.expect('[');
      if (json.take(']')) continue;
      do parts.push_back(parse_part(json));
      while (json.more(']'));
    } else {
      json.refuse("the unknown or second field " + field);
    }
  } while (json.more('}'));
  json.end();
  if (!version || !files) throw InvalidArgument("manifest: it has no files, or is not of version 1");
  std::vector<std::string> names;
  for (const ManifestPart& part : parts) names.push_back(part.name);
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end()) {
    throw InvalidArgument("manifest: a file is listed twice");
  }
  return parts;
}

void load_set(const std::string& folder, const ptc_tensor_set& targets) {
  require_data(targets.files);
  std::multimap<std::string, std::unique_ptr<ptc_tensor_file>> files;
  for (const ManifestPart& part : read_manifest(folder)) {
    std::string name = file_of_shard(part.name);
    bool wanted = std::any_of(targets.files.begin(), targets.files.end(),
                              [&](const SetFile& file) { return file.name == name; });
    if (wanted) files.emplace(name, open_part(folder, part));
  }
  struct Fill {
    const ptc_tensor_file* file;
    const Tensor* from;
    const SetTensor* to;
  };
  std::vector<Fill> fills;
  for (const SetFile& wanted : targets.files) {
    auto [first, last] = files.equal_range(wanted.name);
    if (first == last) lost(folder, "has no file " + wanted.name);
    for (const SetTensor& tensor : wanted.tensors) {
      Fill fill{nullptr, nullptr, &tensor};
      for (auto at = first; at != last && fill.from == nullptr; ++at) {
        std::int32_t i = ptc_tensor_file_find(at->second.get(), tensor.name.c_str());
        if (i >= 0) fill = {at->second.get(), &at->second->tensors[static_cast<std::size_t>(i)], &tensor};
      }
      if (fill.from == nullptr) lost(folder + "/" + wanted.name, "has no tensor " + tensor.name);
      if (fill.from->dtype != tensor.dtype || fill.from->shape != tensor.shape) {
        throw InvalidArgument(tensor.name + " of " + wanted.name + " has another type or shape than wanted");
      }
      fills.push_back(fill);
    }
  }
  for (const Fill& fill : fills) read_tensor(*fill.file, *fill.from, fill.to->data);
}

}  // namespace partita::files
