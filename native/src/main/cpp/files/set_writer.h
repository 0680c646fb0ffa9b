// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Writes sets of tensors on a thread of its own; partita_files.h says what survives which crash.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "counted_memory.h"
#include "disk.h"
#include "tensor_set.h"

namespace partita::files {

inline constexpr char kManifest[] = "manifest.json";

// One file of the manifest.
struct ManifestPart {
  std::string name;
  std::int64_t bytes;
  std::uint32_t crc32c;
};

std::string manifest_of(const std::vector<ManifestPart>& parts);
std::vector<ManifestPart> parse_manifest(const std::string& json);  // throws InvalidArgument

struct Committed {
  std::int64_t bytes;
  std::uint32_t manifest_crc32c;
};

class SetWriter {
 public:
  using Clock = std::chrono::steady_clock;

  SetWriter(const ptc_tensor_set& set, int copies, std::int64_t shard_bytes, Disk& disk);
  ~SetWriter();
  void prepare();
  void begin(const std::string& folder, Clock::time_point deadline);
  void wait(Clock::time_point deadline);
  Committed commit();
  void abandon(Clock::time_point deadline);

 private:
  // free → filling → queued → writing → written → committing → free, or writing → failed → free; what is abandoned
  // goes to free from anywhere, from writing when the thread has seen it.
  enum class State { kFree, kFilling, kQueued, kWriting, kWritten, kFailed, kCommitting };

  // A copy of the tensors and what becomes of it.
  struct Slot {
    State state = State::kFree;
    std::uint64_t order = 0;
    std::atomic<bool> dropped{false};
    Buffer<char> memory;
    std::string folder;
    std::vector<ManifestPart> parts;
    ptc_status status = PTC_OK;
    std::string error;
  };

  // A file as it is written; tensors by number in tensors_.
  struct Shard {
    std::string name, header;
    std::vector<std::size_t> tensors;
  };

  void plan(const ptc_tensor_set& set, std::int64_t shard_bytes);
  void add_file(const SetFile& file, std::int64_t shard_bytes);
  void run();
  Slot* oldest();
  void write_set(Slot& slot);
  ManifestPart write_shard(Slot& slot, const Shard& shard);
  void delete_files(Slot& slot);
  const char* data_of(Slot& slot, std::size_t tensor);
  void copy_into(Slot& slot);
  void make_folders(const std::string& path);
  void write_whole(const std::string& path, const std::vector<std::pair<const char*, std::int64_t>>& pieces,
                   const std::atomic<bool>* dropped, std::uint32_t& crc);

  Disk& disk_;
  const bool copies_;
  std::vector<SetTensor> tensors_;
  std::vector<std::int64_t> offsets_;  // of each tensor in a copy
  std::int64_t copy_bytes_ = 0;
  std::vector<Shard> shards_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;
  std::uint64_t next_order_ = 1;
  bool ending_ = false;
  std::thread thread_;
};

// Reads and checks a committed set, then fills the tensors of `targets`.
void load_set(const std::string& folder, const ptc_tensor_set& targets);

}  // namespace partita::files

struct ptc_set_writer {
  ptc_set_writer(const ptc_tensor_set& set, int copies, std::int64_t shard_bytes, partita::files::Disk& disk)
      : writer(set, copies, shard_bytes, disk) {}
  partita::files::SetWriter writer;
};
