// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// PNG by libpng, with errors as in jpeg.cpp.
#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string>

#include "decode.h"
#include "status.h"

namespace partita {
namespace {

constexpr png_alloc_size_t kMaxChunkBytes = 1 << 20;  // of text and profiles, which are not looked at
constexpr int kMaxChunks = 100;

struct Source {
  Encoded image;
  std::int64_t at = 0;
  char text[128] = "";
};

[[noreturn]] void give_up(png_structp png, png_const_charp message) {
  auto* source = static_cast<Source*>(png_get_error_ptr(png));
  std::snprintf(source->text, sizeof source->text, "%s", message);
  png_longjmp(png, 1);
}

void hear(png_structp, png_const_charp) {}

void read(png_structp png, png_bytep to, png_size_t count) {
  auto* source = static_cast<Source*>(png_get_io_ptr(png));
  if (count > static_cast<std::uint64_t>(source->image.count - source->at)) give_up(png, "the file ends too early");
  std::memcpy(to, source->image.bytes + source->at, count);
  source->at += static_cast<std::int64_t>(count);
}

struct Decoder {
  png_structp png = nullptr;
  png_infop info = nullptr;
  ~Decoder() { png_destroy_read_struct(&png, &info, nullptr); }
};

bool read_header(png_structp png, png_infop info, Source* source) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_set_read_fn(png, source, read);
  png_set_user_limits(png, 65535, 65535);
  png_set_chunk_malloc_max(png, kMaxChunkBytes);
  png_set_chunk_cache_max(png, kMaxChunks);
  png_read_info(png, info);
  return true;
}

// To 8 bits a channel, as many channels as wanted, in that order.
bool choose(png_structp png, png_infop info, int channels) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  const int colour = png_get_color_type(png, info);
  png_set_scale_16(png);
  png_set_expand(png);
  png_set_strip_alpha(png);
  const bool grey = (colour & PNG_COLOR_MASK_COLOR) == 0;
  if (channels == 3 && grey) png_set_gray_to_rgb(png);
  if (channels == 1 && !grey) png_set_rgb_to_gray_fixed(png, PNG_ERROR_ACTION_NONE, 29900, 58700);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

bool read_pixels(png_structp png, png_infop info, png_bytepp rows) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_read_image(png, rows);
  png_read_end(png, info);
  return true;
}

}  // namespace

bool is_png(Encoded image) { return image.count >= 8 && png_sig_cmp(image.bytes, 0, 8) == 0; }

void decode_png(Encoded image, int channels, std::int64_t max_pixels, Pixels& into) {
  Source source{image};
  Decoder d;
  auto refuse = [&] { throw InvalidArgument(std::string("PNG: ") + source.text); };
  d.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, give_up, hear);
  if (d.png != nullptr) d.info = png_create_info_struct(d.png);
  if (d.info == nullptr) throw std::bad_alloc();
  if (!read_header(d.png, d.info, &source)) refuse();
  if (max_pixels == 0) {
    into.width = static_cast<std::int32_t>(png_get_image_width(d.png, d.info));
    into.height = static_cast<std::int32_t>(png_get_image_height(d.png, d.info));
    return;
  }
  make_room(into, png_get_image_width(d.png, d.info), png_get_image_height(d.png, d.info), channels, max_pixels);
  if (!choose(d.png, d.info, channels)) refuse();
  const auto row_bytes = static_cast<std::size_t>(into.width) * static_cast<std::size_t>(channels);
  if (png_get_rowbytes(d.png, d.info) != row_bytes) throw InvalidArgument("PNG: rows of an unexpected size");
  Buffer<png_bytep> rows;
  png_bytep* row = rows.at_least(static_cast<std::size_t>(into.height));
  for (std::int32_t y = 0; y < into.height; y++) row[y] = into.values.data() + static_cast<std::size_t>(y) * row_bytes;
  if (!read_pixels(d.png, d.info, row)) refuse();
}

}  // namespace partita
