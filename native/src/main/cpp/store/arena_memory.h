// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The payload of an arena, mapped twice: for writing, and for reading only, through a descriptor that cannot be
// mapped for writing at all.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "descriptor.h"

namespace partita::store {

class ArenaMemory {
 public:
  static ArenaMemory make(std::uint64_t bytes);
  // Somebody else's; refused unless both descriptors are one sealed file of this size, one of them read-only.
  static ArenaMemory attach(Descriptor writable, Descriptor readable, std::uint64_t bytes);

  ArenaMemory(ArenaMemory&& other) noexcept;
  ArenaMemory& operator=(ArenaMemory&&) = delete;
  ~ArenaMemory();

  char* writable() const { return writable_; }
  const char* readable() const { return readable_; }
  std::uint64_t bytes() const { return bytes_; }
  int writable_descriptor() const { return writable_fd_.get(); }
  int readable_descriptor() const { return readable_fd_.get(); }

 private:
  ArenaMemory(Descriptor writable, Descriptor readable, std::uint64_t bytes);

  Descriptor writable_fd_, readable_fd_;
  std::uint64_t bytes_;
  char* writable_ = nullptr;
  char* readable_ = nullptr;
};

// Touches all pages of both mappings in the background: a first touch costs ten times the copy itself.
class Prefault {
 public:
  explicit Prefault(const ArenaMemory& arena);
  ~Prefault();  // stops within some milliseconds

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace partita::store
