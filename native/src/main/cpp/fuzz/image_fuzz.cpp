// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// An image from anybody, to a small batch. The codecs themselves are Debian's and not instrumented: what happens inside
// of them is seen by its effects only.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "partita_image.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  std::int32_t width = 0, height = 0;
  ptc_status size = ptc_image_size(bytes, static_cast<std::int64_t>(count), &width, &height);
  ptc_image_form form{5, 9, count % 2 == 0 ? 3 : 1, PTC_IMAGE_CROP, PTC_FLOAT32, 1 << 14, {0, 0, 0}, {1, 1, 1}};
  float out[3 * 45];
  auto address = reinterpret_cast<std::int64_t>(bytes);
  auto length = static_cast<std::int64_t>(count);
  std::int32_t status = -1;
  char message[PTC_IMAGE_MESSAGE_BYTES];
  bool sound = ptc_image_batch(nullptr, &form, 1, &address, &length, out, &status, message) == PTC_OK &&
               (status == PTC_OK) == (message[0] == '\0') && (status != PTC_OK || size == PTC_OK);
  for (int i = 0; i < form.channels * 45; i++) sound = sound && out[i] >= 0 && out[i] <= 1.0001f;
  if (!sound) {
    std::fprintf(stderr, "image_fuzz: status %d, size %d (%d x %d), message %s\n", status, size, width, height, message);
    std::abort();
  }
  return 0;
}
