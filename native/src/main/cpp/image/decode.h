// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// From the bytes of a file to pixels. What is wrong throws InvalidArgument; sizes are checked before anything of that
// size is allocated.
#pragma once

#include <cstdint>

#include "counted_memory.h"

namespace partita {

struct Encoded {
  const unsigned char* bytes;
  std::int64_t count;
};

struct Pixels {
  std::int32_t width = 0, height = 0;
  Buffer<unsigned char> values;  // [height, width, channels]
};

bool is_jpeg(Encoded image);
bool is_png(Encoded image);

// max_pixels 0: the header alone, width and height.
void decode_jpeg(Encoded image, int channels, std::int64_t max_pixels, Pixels& into);
void decode_png(Encoded image, int channels, std::int64_t max_pixels, Pixels& into);

// Throws if the image has more pixels; makes room for it otherwise.
void make_room(Pixels& into, std::int64_t width, std::int64_t height, int channels, std::int64_t max_pixels);

}  // namespace partita
