// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// A model from anybody. Every value that is given out is read.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "partita_files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  ptc_tensor_file* file = nullptr;
  if (ptc_onnx_parse(bytes, static_cast<std::int64_t>(count), &file) != PTC_OK) return 0;
  for (std::int32_t i = 0; i < ptc_tensor_file_count(file); i++) {
    const std::int64_t size = ptc_tensor_file_bytes(file, i);
    std::int64_t product = ptc_file_dtype_bytes(ptc_tensor_file_dtype(file, i));
    for (std::int32_t d = 0; d < ptc_tensor_file_rank(file, i); d++) product *= ptc_tensor_file_shape(file, i)[d];
    std::vector<char> copy(static_cast<std::size_t>(size));
    bool sound = product == size && ptc_tensor_file_read(file, i, copy.data(), size) == PTC_OK &&
                 ptc_tensor_file_find(file, ptc_tensor_file_name(file, i)) == i;
    if (!sound) {
      std::fprintf(stderr, "onnx_fuzz: tensor %d is not what it says\n", i);
      std::abort();
    }
  }
  ptc_tensor_file_close(file);
  return 0;
}
