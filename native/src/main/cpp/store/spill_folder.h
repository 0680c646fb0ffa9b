// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Where objects go when the arena is full: one file an object, named by its id.
//
//   [SpillHeader, 256 bytes][gap][payload, padded to 8 bytes if metadata follow][metadata][gap]
//
// Up to 1 MiB there are no gaps. What is larger goes to the disk without the page cache, whose limits would make some
// puts wait for everybody's writes: it begins at the file's second page and ends with whole pages.
//
// The header holds a CRC32C of payload and metadata and one of itself. A file is written under another name and renamed;
// it is a cache, so nothing is flushed to the disk: what a power cut tears is found by its checksum.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "descriptor.h"
#include "direct_transfer.h"
#include "layout.h"

namespace partita::store {

struct SpillHeader {
  std::uint64_t magic;
  std::uint64_t id_high, id_low;
  std::uint64_t bytes, metadata_bytes;
  std::uint32_t content_crc;
  std::uint32_t offset;  // of the payload
  char budget[84];
  char unused[120];
  std::uint32_t header_crc;
};
static_assert(sizeof(SpillHeader) == 256);

// True if these bytes are a header whose sizes are possible.
bool parse_spill_header(const void* bytes, std::uint64_t count, SpillHeader& out);

// A file that has not got its name yet; removed unless committed.
class SpillFile {
 public:
  SpillFile(int folder, std::string temporary, std::string name)
      : folder_(folder), temporary_(std::move(temporary)), name_(std::move(name)) {}
  SpillFile(SpillFile&& other) noexcept;
  SpillFile& operator=(SpillFile&&) = delete;
  ~SpillFile();
  void commit();

 private:
  int folder_;
  std::string temporary_, name_;
};

class SpillFolder {
 public:
  // Opens it, or makes it; throws Failure. Half-written files are named by `client`, who writes them.
  SpillFolder(const std::string& path, std::uint32_t client);

  // Throws Failure (STORAGE_FAILURE); then nothing is left behind.
  SpillFile write(Id id, const char* content, std::uint64_t bytes, std::uint64_t metadata_bytes, const char* budget);
  // Throws Failure (STORAGE_FAILURE; DATA_LOSS: missing, torn or changed).
  void read(Id id, char* into, std::uint64_t bytes, std::uint64_t metadata_bytes) const;
  bool has(Id id, std::uint64_t bytes, std::uint64_t metadata_bytes) const;
  // Under the arena's lock: the file loses its name, and with the result its bytes, which may take longer.
  SpillFile remove(Id id);
  // All whole files; half-written ones are removed. Nobody else may be using the folder.
  void adopt(const std::function<void(const SpillHeader&)>& found) const;
  // After the death of a client: removes what it was writing, and files whose objects are `known` no more.
  void sweep(std::uint32_t dead, const std::function<bool(Id)>& known) const;

  const std::string& path() const { return path_; }

 private:
  // A transfer for one object; given back to the folder when that is moved.
  class Lent;

  std::string part_name(Id id);
  // CRC32C of a large object, written to its place in the file.
  std::int32_t write_large(int fd, const char* from, std::uint64_t bytes);
  // How many bytes of it came past the page cache, with the CRC32C of those; what is missing, and every error, is left
  // to the usual way.
  std::uint64_t read_large(int fd, char* into, std::uint64_t bytes, std::int32_t& crc) const;

  std::string path_;
  Descriptor folder_;
  std::uint32_t client_;
  std::atomic<std::uint64_t> files_{0};
  mutable std::mutex transfers_lock_;
  mutable std::vector<std::unique_ptr<DirectTransfer>> transfers_;  // that nobody uses now
};

// For tests: the next write, or read, fails with this errno (0: none).
extern std::atomic<int> inject_write_error;
extern std::atomic<int> inject_read_error;
// And this runs, once, between the writing of a file and the end of its object's stay in the arena.
extern std::atomic<void (*)()> inject_while_spilling;

}  // namespace partita::store
