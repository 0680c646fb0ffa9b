// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/aio_abi.h>

#include <cstdint>
#include <optional>

namespace partita::store {

// Moves one object at a time between memory and a file, past the page cache, in pieces of which several are under way
// (the kernel's own asynchronous I/O, io_submit), through buffers of huge pages: a disk takes a piece of few large
// pages several times as fast as one of many small ones, and the arena has small ones. The checksum is computed as the
// bytes are copied. One thread at a time; not to be used by a child process that was forked since.
class DirectTransfer {
 public:
  static constexpr std::uint64_t kPage = 4096;  // offsets in the file are multiples of it
  static constexpr std::uint64_t kPiece = std::uint64_t{2} << 20;

  DirectTransfer();  // never fails: see usable()
  DirectTransfer(const DirectTransfer&) = delete;
  DirectTransfer& operator=(const DirectTransfer&) = delete;
  ~DirectTransfer();

  // False where the kernel gives no context or no memory; then nothing is moved.
  bool usable() const { return context_ != 0 && buffers_ != nullptr; }

  // Writes to a file that was opened for direct I/O, and zeros up to the next page. CRC32C of the bytes; none: some of
  // it may not be written, and why is found by writing it the usual way.
  std::optional<std::int32_t> write(int fd, const char* from, std::uint64_t bytes, std::uint64_t at);
  // How many bytes from the beginning came: the rest is to be read the usual way. `crc` is of those.
  std::uint64_t read(int fd, char* into, std::uint64_t bytes, std::uint64_t at, std::int32_t& crc);

 private:
  static constexpr int kUnderWay = 4;

  char* buffer(int slot) const { return buffers_ + static_cast<std::uint64_t>(slot) * kPiece; }
  bool submit(int slot, int fd, int operation, std::uint64_t bytes, std::uint64_t at);
  bool await(int slot);
  bool await_all();
  void give_up();

  aio_context_t context_ = 0;
  char* buffers_ = nullptr;
  iocb requests_[kUnderWay] = {};
  std::int64_t results_[kUnderWay] = {};
  bool under_way_[kUnderWay] = {};
};

}  // namespace partita::store
