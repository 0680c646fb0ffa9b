// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Memory that is counted: everything the core holds shows up in ptc_held_bytes().
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace partita {

void* allocate(std::size_t bytes);  // not zeroed below 4 MiB; throws std::bad_alloc
void release(void* memory) noexcept;
std::int64_t held_bytes() noexcept;

// A growing array of plain values. Growing keeps nothing: every kernel fills its output anew.
template <typename T>
class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { release(data_); }

  // At least `count` values; the former content is lost if it has to grow.
  T* at_least(std::size_t count) {
    if (count > capacity_) {
      std::size_t larger = count + count / 2 + 16;
      T* fresh = static_cast<T*>(allocate(larger * sizeof(T)));
      release(std::exchange(data_, fresh));
      capacity_ = larger;
    }
    return data_;
  }

  T* data() { return data_; }
  const T* data() const { return data_; }

 private:
  T* data_ = nullptr;
  std::size_t capacity_ = 0;
};

}  // namespace partita
