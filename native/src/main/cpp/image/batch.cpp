// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Many images at once, each by one thread from its file to its place in the batch.
#include <cstdio>
#include <cstring>
#include <vector>

#include "decode.h"
#include "partita_image.h"
#include "pool.h"
#include "resize_call.h"
#include "resize_on_cpu.h"
#include "status.h"

// Where libjpeg and libpng would write if we let them; see CMakeLists.txt.
extern "C" {
extern std::FILE* ptc_no_stderr;
std::FILE* ptc_no_stderr = nullptr;
}

namespace partita {

void make_room(Pixels& into, std::int64_t width, std::int64_t height, int channels, std::int64_t max_pixels) {
  if (width < 1 || height < 1 || width > kMaxImageSide || height > kMaxImageSide || width * height > max_pixels) {
    throw InvalidArgument("an image of " + std::to_string(width) + " x " + std::to_string(height) +
                          " pixels; at most " + std::to_string(max_pixels) + " are allowed");
  }
  into.width = static_cast<std::int32_t>(width);
  into.height = static_cast<std::int32_t>(height);
  into.values.at_least(static_cast<std::size_t>(width * height * channels));
}

namespace {

void decode(Encoded image, int channels, std::int64_t max_pixels, Pixels& into) {
  if (is_jpeg(image)) return decode_jpeg(image, channels, max_pixels, into);
  if (is_png(image)) return decode_png(image, channels, max_pixels, into);
  throw InvalidArgument("neither a JPEG nor a PNG");
}

struct Batch {
  const ptc_image_form& form;
  const std::int64_t* addresses;
  const std::int64_t* lengths;
  char* out;
  std::int64_t image_bytes;
  std::int32_t* statuses;
  char* messages;

  // One image; false: it became zeros.
  void one(std::int64_t i, Pixels& pixels, Buffer<float>& space) const {
    char* message = messages + i * PTC_IMAGE_MESSAGE_BYTES;
    message[0] = '\0';
    statuses[i] = guarded([&] {
      Encoded image{reinterpret_cast<const unsigned char*>(addresses[i]), lengths[i]};
      if (image.count <= 0 || image.bytes == nullptr) throw InvalidArgument("no bytes");
      decode(image, form.channels, form.max_pixels, pixels);
      resize_on_cpu(form, pixels.values.data(), pixels.width, pixels.height, out + i * image_bytes, space);
    });
    if (statuses[i] != PTC_OK) {
      std::snprintf(message, PTC_IMAGE_MESSAGE_BYTES, "%s", ptc_last_error());
      std::memset(out + i * image_bytes, 0, static_cast<std::size_t>(image_bytes));
    }
  }
};

}  // namespace
}  // namespace partita

ptc_status ptc_image_size(const void* bytes, int64_t count, int32_t* width, int32_t* height) {
  return partita::guarded([&] {
    partita::require(bytes != nullptr && width != nullptr && height != nullptr, "ptc_image_size: a pointer is null");
    partita::Pixels pixels;
    partita::decode({static_cast<const unsigned char*>(bytes), count}, 3, 0, pixels);
    *width = pixels.width;
    *height = pixels.height;
  });
}

ptc_status ptc_image_batch(ptc_pool* pool, const ptc_image_form* form, int32_t count, const int64_t* addresses,
                           const int64_t* lengths, void* out, int32_t* statuses, char* messages) {
  using namespace partita;
  return guarded([&] {
    check_form(form);
    require(count >= 0, "ptc_image_batch: count is negative");
    require(count == 0 || (addresses != nullptr && lengths != nullptr && out != nullptr && statuses != nullptr &&
                           messages != nullptr),
            "ptc_image_batch: a pointer is null");
    Batch batch{*form, addresses, lengths, static_cast<char*>(out), ptc_image_bytes(form), statuses, messages};
    in_parts(pool, count, 1, [&](std::int64_t from, std::int64_t to) {
      Pixels pixels;
      Buffer<float> space;
      for (std::int64_t i = from; i < to; i++) batch.one(i, pixels, space);
    });
  });
}
