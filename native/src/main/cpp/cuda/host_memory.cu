// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include <cuda_runtime.h>

#include "partita_cuda.h"
#include "status.h"

using partita::guarded;
using partita::require;

namespace {

bool has_device() {
  int devices = 0;
  bool there = cudaGetDeviceCount(&devices) == cudaSuccess && devices > 0;
  cudaGetLastError();  // absence is no failure of whoever asks next
  return there;
}

}  // namespace

ptc_status ptc_cuda_pin_host(void* address, int64_t bytes, int32_t read_only, int32_t* pinned) {
  return guarded([&] {
    require(address != nullptr && pinned != nullptr, "ptc_cuda_pin_host: null");
    require(bytes > 0, "ptc_cuda_pin_host: bytes must be positive");
    *pinned = 0;
    if (!has_device()) {
      partita::set_last_error("there is no usable GPU to pin memory for");
      return;
    }
    unsigned flags = cudaHostRegisterPortable | (read_only != 0 ? cudaHostRegisterReadOnly : 0u);
    cudaError_t error = cudaHostRegister(address, static_cast<size_t>(bytes), flags);
    if (error == cudaSuccess || error == cudaErrorHostMemoryAlreadyRegistered) {
      *pinned = 1;
    } else {
      partita::set_last_error(cudaGetErrorString(error));
    }
    if (error != cudaSuccess) cudaGetLastError();
  });
}

ptc_status ptc_cuda_unpin_host(void* address) {
  return guarded([&] {
    require(address != nullptr, "ptc_cuda_unpin_host: null");
    if (!has_device()) return;
    cudaHostUnregister(address);
    cudaGetLastError();  // it was not pinned
  });
}
