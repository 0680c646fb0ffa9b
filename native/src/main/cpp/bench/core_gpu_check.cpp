// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Runs every kernel on the GPU against its CPU twin, on fresh random input, and prints a line of JSON for each:
// time, bytes per second and per cent of the card's own copy bandwidth. Builds with CMake alone.
//
//   core_gpu_check [million values, default 64 (256 MiB of float32)] [seed]
//
// Ends with 0 if all agree, 1 if one differs, 3 if there is no usable GPU.
#include <cuda_runtime.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>

#include "check.h"
#include "partita_cuda.h"
#include "partita_cuda_tensor.h"
#include "partita_store.h"
#include "partita_tensor.h"
#include "twin_cases.h"

namespace {

using namespace partita::tests;

constexpr int kRuns = 10;
int wrong = 0;

bool went_well(cudaError_t error, const char* what) {
  if (error == cudaSuccess) return true;
  std::fprintf(stderr, "core_gpu_check: %s: %s\n", what, cudaGetErrorString(error));
  return false;
}

// Milliseconds of each of kRuns runs on the device, sorted; empty if something failed.
std::vector<float> times(const std::function<bool(cudaStream_t)>& body) {
  cudaStream_t stream = nullptr;
  cudaEvent_t start = nullptr, stop = nullptr;
  std::vector<float> all;
  bool good = went_well(cudaStreamCreate(&stream), "stream") && went_well(cudaEventCreate(&start), "event") &&
              went_well(cudaEventCreate(&stop), "event");
  for (int run = -2; good && run < kRuns; run++) {
    float millis = 0;
    good = went_well(cudaEventRecord(start, stream), "record") && body(stream) &&
           went_well(cudaEventRecord(stop, stream), "record") && went_well(cudaEventSynchronize(stop), "run") &&
           went_well(cudaEventElapsedTime(&millis, start, stop), "time");
    if (run >= 0) all.push_back(millis);
  }
  cudaEventDestroy(start);
  cudaEventDestroy(stop);
  cudaStreamDestroy(stream);
  std::sort(all.begin(), all.end());
  return good ? all : std::vector<float>();
}

double copy_bandwidth(std::int64_t bytes) {
  void* from = nullptr;
  void* to = nullptr;
  double rate = 0;
  if (went_well(cudaMalloc(&from, bytes), "memory") && went_well(cudaMalloc(&to, bytes), "memory")) {
    auto all = times([&](cudaStream_t stream) {
      return went_well(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, stream), "copy");
    });
    if (!all.empty()) rate = 2e-6 * static_cast<double>(bytes) / all[all.size() / 2];
  }
  cudaFree(from);
  cudaFree(to);
  return rate;
}

void print(const std::string& figure, double gigabytes, const std::vector<float>& millis, double copy, bool same,
           const char* limit_is = "copy on the same card") {
  auto rate = [&](float ms) { return gigabytes / ms * 1e3; };
  double median = rate(millis[millis.size() / 2]);
  std::printf(
      "{\"peer\":\"partita\",\"workload\":\"kernels_gpu\",\"figure\":\"%s\",\"unit\":\"GB/s\",\"median\":%.4g,"
      "\"min\":%.4g,\"max\":%.4g,\"runs\":%zu,\"limit\":%.4g,\"limit_is\":\"%s\","
      "\"milliseconds\":%.4g,\"percent_of_copy\":%.3g,\"same_as_cpu\":%s}\n",
      figure.c_str(), median, rate(millis.back()), rate(millis.front()), millis.size(), copy, limit_is,
      millis[millis.size() / 2], 100 * median / copy, same ? "true" : "false");
  std::fflush(stdout);
}

void check_case(const TwinCase& twin, const std::string& type, double copy) {
  bool same = twin.on_cpu() == PTC_OK && twin.on_gpu(nullptr) == PTC_OK &&
              went_well(cudaDeviceSynchronize(), twin.name.c_str()) && twin.same();
  if (!same) {
    wrong++;
    std::fprintf(stderr, "core_gpu_check: %s of %s differs from the CPU (%s)\n", twin.name.c_str(), type.c_str(),
                 ptc_cuda_last_error());
  }
  if (copy <= 0 || twin.bytes <= 0) return;
  auto millis = times([&](cudaStream_t stream) { return twin.on_gpu(stream) == PTC_OK; });
  if (millis.empty()) {
    wrong++;
    return;
  }
  print(twin.name + "_" + type, twin.bytes / 1e9, millis, copy, same);
}

}  // namespace

// Copies to the card out of an object store's arena, plain and pinned, beside a copy out of CUDA's own pinned memory.
void arena_copies(std::int64_t bytes) {
  char folder[] = "/tmp/partita-gpu-check-XXXXXX";
  ptc_store* store = nullptr;
  if (mkdtemp(folder) == nullptr ||
      ptc_store_open(folder, 2 * bytes, nullptr, PTC_STORE_PREFAULT_ON_CREATE, 10'000, &store) != PTC_OK) {
    std::fprintf(stderr, "core_gpu_check: no arena: %s\n", ptc_last_error());
    wrong++;
    return;
  }
  void *writable = nullptr, *device = nullptr, *own = nullptr;
  const void* readable = nullptr;
  std::int64_t arena_bytes = 0;
  std::int32_t pinned = 0;
  ptc_writing writing;
  bool good = ptc_store_arena(store, &writable, &readable, &arena_bytes) == PTC_OK &&
              ptc_store_create(store, 0, 0, 0, bytes, nullptr, 0, 1000, &writing) == PTC_OK &&
              went_well(cudaMalloc(&device, bytes), "memory") && went_well(cudaMallocHost(&own, bytes), "pinned memory");
  if (good) {
    std::memset(writing.data, 1, static_cast<std::size_t>(bytes));
    std::memset(own, 1, static_cast<std::size_t>(bytes));
    auto from = [&](void* source) {
      return times([&](cudaStream_t stream) {
        return went_well(cudaMemcpyAsync(device, source, bytes, cudaMemcpyHostToDevice, stream), "copy");
      });
    };
    auto limit = from(own);
    auto plain = from(writing.data);
    good = ptc_cuda_pin_host(writable, arena_bytes, 0, &pinned) == PTC_OK && pinned == 1;
    auto fast = from(writing.data);
    if (good && !limit.empty() && !plain.empty() && !fast.empty()) {
      double gigabytes = static_cast<double>(bytes) / 1e9;
      double rate = gigabytes / limit[limit.size() / 2] * 1e3;
      print("arena_to_gpu_plain", gigabytes, plain, rate, true, "copy from CUDA's own pinned memory");
      print("arena_to_gpu_pinned", gigabytes, fast, rate, true, "copy from CUDA's own pinned memory");
    }
    ptc_cuda_unpin_host(writable);
  }
  if (!good) {
    std::fprintf(stderr, "core_gpu_check: the arena was not pinned (%s)\n", ptc_cuda_last_error());
    wrong++;
  }
  cudaFreeHost(own);
  cudaFree(device);
  ptc_store_close(store);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

// The tests of main.cpp: featurizer, rows of gradients, merges and the first optimizers, and all twins small.
int run_all_tests(const char* part);

int main(int argc, char** argv) {
  long millions = argc > 1 ? std::atol(argv[1]) : 64;
  unsigned seed = argc > 2 ? static_cast<unsigned>(std::atol(argv[2])) : std::random_device{}();
  if (millions < 1 || millions > 1024) {
    std::fprintf(stderr, "usage: core_gpu_check [million values, 1 to 1024] [seed]\n");
    return 2;
  }
  int devices = 0;
  cudaError_t found = cudaGetDeviceCount(&devices);
  if (found != cudaSuccess || devices == 0) {
    std::fprintf(stderr, "core_gpu_check: no usable GPU (%s); nothing was checked\n",
                 found != cudaSuccess ? cudaGetErrorString(found) : "no device");
    return 3;
  }
  cudaDeviceProp card{};
  if (!went_well(cudaGetDeviceProperties(&card, 0), "properties")) return 3;
  std::printf("# %s, %.0f GiB, seed %u\n", card.name, static_cast<double>(card.totalGlobalMem) / (1 << 30), seed);
  wrong += run_all_tests(nullptr);
  const char* names[] = {"float32", "bfloat16", "float16"};
  for (std::int64_t count : {1000L, 70001L, 1300007L}) {
    for (std::int32_t dtype : {PTC_FLOAT32, PTC_BFLOAT16, PTC_FLOAT16}) {
      for_twin_cases(count, dtype, seed, [&](const TwinCase& twin) { check_case(twin, names[dtype], 0); });
    }
  }
  const std::int64_t large = static_cast<std::int64_t>(millions) << 20;
  const double copy = copy_bandwidth(4 * large);
  for (std::int32_t dtype : {PTC_FLOAT32, PTC_BFLOAT16}) {
    for_twin_cases(large, dtype, seed, [&](const TwinCase& twin) { check_case(twin, names[dtype], copy); });
  }
  arena_copies(4 * large);
  std::printf("# %s\n", wrong == 0 ? "all kernels agree with the CPU" : "there are differences");
  return wrong == 0 ? 0 : 1;
}
