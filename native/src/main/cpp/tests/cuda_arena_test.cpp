// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The arena and the GPU. Also where there is none: then pinning does nothing, and says so.
#include "device.h"
#include "partita_cuda.h"
#include "store_fixture.h"

namespace {

using namespace partita::tests;

bool has_device() {
  int devices = 0;
  return cudaGetDeviceCount(&devices) == cudaSuccess && devices > 0;
}

TEST("the arena is pinned where there is a GPU, and stays as it is where there is none") {
  Folder folder;
  OpenStore store(folder);
  void* writable = nullptr;
  const void* readable = nullptr;
  std::int64_t bytes = 0;
  CHECK_OK(ptc_store_arena(store, &writable, &readable, &bytes));
  std::int32_t pinned = -1;
  CHECK_OK(ptc_cuda_pin_host(writable, bytes, 0, &pinned));
  CHECK(pinned == (has_device() ? 1 : 0));
  std::int32_t readable_pinned = -1;  // as the card is able to
  CHECK_OK(ptc_cuda_pin_host(const_cast<void*>(readable), bytes, 1, &readable_pinned));
  CHECK(readable_pinned == 0 || has_device());
  // The store works as before.
  std::vector<char> content = content_of(3, 100'000);
  ObjectId id = put(store, content);
  CHECK(holds(store, id, content));
  CHECK_OK(ptc_cuda_unpin_host(const_cast<void*>(readable)));
  CHECK_OK(ptc_cuda_unpin_host(writable));
  CHECK_OK(ptc_cuda_unpin_host(writable));
  CHECK(ptc_cuda_pin_host(nullptr, bytes, 0, &pinned) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_cuda_pin_host(writable, 0, 0, &pinned) == PTC_INVALID_ARGUMENT);
}

TEST("a sealed object goes to the GPU from where it lies in the pinned arena, and comes back into a new one") {
  if (no_device()) return;
  Folder folder;
  OpenStore store(folder);
  void* writable = nullptr;
  const void* readable = nullptr;
  std::int64_t bytes = 0;
  CHECK_OK(ptc_store_arena(store, &writable, &readable, &bytes));
  std::int32_t pinned = 0;
  CHECK_OK(ptc_cuda_pin_host(writable, bytes, 0, &pinned));
  CHECK(pinned == 1);
  std::vector<char> content = content_of(5, 1'000'003);
  ObjectId id = put(store, content);
  ptc_stored stored;
  CHECK_OK(ptc_store_get(store, id.high, id.low, 0, &stored));
  // The same bytes, at their offset of the mapping that is pinned.
  const char* source = static_cast<char*>(writable) + (static_cast<const char*>(stored.data) - static_cast<const char*>(readable));
  void* device = nullptr;
  CHECK(cudaMalloc(&device, content.size()) == cudaSuccess);
  CHECK(cudaMemcpyAsync(device, source, content.size(), cudaMemcpyHostToDevice, nullptr) == cudaSuccess);
  ptc_writing writing;
  CHECK_OK(ptc_store_create(store, 0, 0, 0, stored.bytes, nullptr, 0, 0, &writing));
  CHECK(cudaMemcpyAsync(writing.data, device, content.size(), cudaMemcpyDeviceToHost, nullptr) == cudaSuccess);
  finish();
  CHECK_OK(ptc_store_seal(store, writing.writer));
  CHECK(holds(store, {writing.id_high, writing.id_low}, content));
  CHECK_OK(ptc_store_release(store, stored.pin));
  cudaFree(device);
  CHECK_OK(ptc_cuda_unpin_host(writable));
}

}  // namespace
