// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Where tests of CUDA twins keep their data: on the heap where the twins are plain C++, in managed memory
// (PTC_ON_GPU) where they are not.
#pragma once

#include "check.h"

#if defined(PTC_ON_GPU)
#include <cuda_runtime.h>
#define PTC_PLACE "on the GPU"
#else
#define PTC_PLACE "as plain C++"
#endif

namespace partita::tests {

inline bool no_device() {
#if defined(PTC_ON_GPU)
  int devices = 0;
  if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
    skip("this machine has no usable GPU");
    return true;
  }
#endif
  return false;
}

inline void finish() {
#if defined(PTC_ON_GPU)
  CHECK(cudaDeviceSynchronize() == cudaSuccess);
#endif
}

template <typename T>
class Device {
 public:
  explicit Device(std::size_t count) : count_(count) {
#if defined(PTC_ON_GPU)
    CHECK(cudaMallocManaged(&data_, (count + 1) * sizeof(T)) == cudaSuccess);
#else
    data_ = new T[count + 1];
#endif
    std::memset(static_cast<void*>(data_), 0, (count + 1) * sizeof(T));
  }
  Device(const T* from, std::size_t count) : Device(count) {
    if (count > 0) std::memcpy(data_, from, count * sizeof(T));
  }
  explicit Device(const std::vector<T>& from) : Device(from.data(), from.size()) {}
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device() {
#if defined(PTC_ON_GPU)
    cudaFree(data_);
#else
    delete[] data_;
#endif
  }
  T* data() { return data_; }
  std::vector<T> copy(std::size_t count) const { return {data_, data_ + count}; }
  std::vector<T> copy() const { return copy(count_); }

 private:
  T* data_ = nullptr;
  std::size_t count_;
};

}  // namespace partita::tests
