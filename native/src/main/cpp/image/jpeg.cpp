// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// JPEG by libjpeg-turbo. It reports errors by a function that must not return: ours jumps out of the library, so
// nothing between setjmp and the jump may have a destructor.
#include <csetjmp>
#include <cstdio>
#include <string>

#include <jpeglib.h>
// after jpeglib.h
#include <jerror.h>

#include "decode.h"
#include "status.h"

namespace partita {
namespace {

// A progressive image may have as many scans as its bytes allow, each of which costs a pass over all pixels.
constexpr int kMaxScans = 100;

struct Errors {
  jpeg_error_mgr base;  // first: the library knows only this
  std::jmp_buf back;
  char text[JMSG_LENGTH_MAX];
};

[[noreturn]] void give_up(j_common_ptr decoder) {
  auto* errors = reinterpret_cast<Errors*>(decoder->err);
  errors->base.format_message(decoder, errors->text);
  std::longjmp(errors->back, 1);
}

// Warnings (level -1) of the library are about damage that it can paint over; we would rather know. Bytes that do
// not matter are the exception.
void hear(j_common_ptr decoder, int level) {
  if (level >= 0 || decoder->err->msg_code == JWRN_EXTRANEOUS_DATA || decoder->err->msg_code == JWRN_JFIF_MAJOR ||
      decoder->err->msg_code == JWRN_ADOBE_XFORM) {
    return;
  }
  give_up(decoder);
}

void count_scans(j_common_ptr decoder) {
  auto* decompress = reinterpret_cast<j_decompress_ptr>(decoder);
  if (decompress->input_scan_number <= kMaxScans) return;
  auto* errors = reinterpret_cast<Errors*>(decoder->err);
  std::snprintf(errors->text, sizeof errors->text, "more than %d scans", kMaxScans);
  std::longjmp(errors->back, 1);
}

struct Decoder {
  jpeg_decompress_struct library;
  Errors errors;
  jpeg_progress_mgr progress;
};

// Each runs a step; false if the library gave up.
bool read_header(Decoder& d, Encoded image, int channels) {
  if (setjmp(d.errors.back) != 0) return false;
  jpeg_create_decompress(&d.library);
  d.progress.progress_monitor = count_scans;
  d.library.progress = &d.progress;
  jpeg_mem_src(&d.library, image.bytes, static_cast<unsigned long>(image.count));
  jpeg_read_header(&d.library, TRUE);
  d.library.out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  d.library.dct_method = JDCT_ISLOW;
  return true;
}

bool read_pixels(Decoder& d, unsigned char* to, std::size_t row_bytes) {
  if (setjmp(d.errors.back) != 0) return false;
  jpeg_start_decompress(&d.library);
  while (d.library.output_scanline < d.library.output_height) {
    JSAMPROW row = to + d.library.output_scanline * row_bytes;
    jpeg_read_scanlines(&d.library, &row, 1);
  }
  jpeg_finish_decompress(&d.library);
  return true;
}

}  // namespace

bool is_jpeg(Encoded image) {
  return image.count >= 3 && image.bytes[0] == 0xFF && image.bytes[1] == 0xD8 && image.bytes[2] == 0xFF;
}

void decode_jpeg(Encoded image, int channels, std::int64_t max_pixels, Pixels& into) {
  Decoder d{};
  d.library.err = jpeg_std_error(&d.errors.base);
  d.errors.base.error_exit = give_up;
  d.errors.base.emit_message = hear;
  d.errors.base.output_message = [](j_common_ptr) {};
  struct Destroy {
    Decoder& d;
    ~Destroy() { jpeg_destroy_decompress(&d.library); }
  } destroy{d};
  auto refuse = [&] { throw InvalidArgument(std::string("JPEG: ") + d.errors.text); };
  if (!read_header(d, image, channels)) refuse();
  if (max_pixels == 0) {
    into.width = static_cast<std::int32_t>(d.library.image_width);
    into.height = static_cast<std::int32_t>(d.library.image_height);
    return;
  }
  make_room(into, d.library.image_width, d.library.image_height, channels, max_pixels);
  if (!read_pixels(d, into.values.data(), static_cast<std::size_t>(into.width) * static_cast<std::size_t>(channels))) {
    refuse();
  }
}

}  // namespace partita
