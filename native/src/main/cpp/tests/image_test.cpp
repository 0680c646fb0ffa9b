// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Images that are made here: decode, resize against a plain oracle in float64, and damage.
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>
#include <png.h>

#include "partita_image.h"
#include "tensors.h"

namespace {

using namespace partita::tests;

ptc_image_form form_of(std::int32_t width, std::int32_t height, std::int32_t channels = 3) {
  return {width, height, channels, PTC_IMAGE_STRETCH, PTC_FLOAT32, 1 << 24, {0, 0, 0}, {1, 1, 1}};
}

struct Picture {
  std::int32_t width, height, channels;
  std::vector<std::uint8_t> pixels;
};

Picture noise(std::int32_t width, std::int32_t height, std::int32_t channels, unsigned seed) {
  std::mt19937 random(seed);
  Picture picture{width, height, channels, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * channels))};
  for (auto& value : picture.pixels) value = static_cast<std::uint8_t>(random());
  return picture;
}

// Smooth, so that JPEG keeps it.
Picture slope(std::int32_t width, std::int32_t height, std::int32_t channels) {
  Picture picture = noise(width, height, channels, 1);
  for (std::int32_t i = 0; i < width * height * channels; i++) {
    std::int32_t c = i % channels, x = i / channels % width, y = i / channels / width;
    picture.pixels[static_cast<std::size_t>(i)] =
        static_cast<std::uint8_t>(c == 0 ? 255 * x / width : c == 1 ? 255 * y / height : 60);
  }
  return picture;
}

std::vector<std::uint8_t> jpeg(const Picture& picture, bool progressive = false) {
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* bytes = nullptr;
  unsigned long count = 0;
  jpeg_mem_dest(&encoder, &bytes, &count);
  encoder.image_width = static_cast<JDIMENSION>(picture.width);
  encoder.image_height = static_cast<JDIMENSION>(picture.height);
  encoder.input_components = picture.channels;
  encoder.in_color_space = picture.channels == 1 ? JCS_GRAYSCALE : picture.channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, 95, TRUE);
  if (progressive) jpeg_simple_progression(&encoder);
  jpeg_start_compress(&encoder, TRUE);
  while (encoder.next_scanline < encoder.image_height) {
    auto row = const_cast<JSAMPROW>(picture.pixels.data() + encoder.next_scanline * encoder.image_width *
                                                                static_cast<unsigned>(picture.channels));
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  std::vector<std::uint8_t> result(bytes, bytes + count);
  std::free(bytes);
  return result;
}

std::vector<std::uint8_t> png(const Picture& picture, bool interlaced = false) {
  static const int kColours[] = {0, PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGBA};
  std::vector<std::uint8_t> result;
  png_structp encoder = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(encoder);
  png_set_write_fn(encoder, &result,
                   [](png_structp e, png_bytep bytes, png_size_t count) {
                     auto* to = static_cast<std::vector<std::uint8_t>*>(png_get_io_ptr(e));
                     to->insert(to->end(), bytes, bytes + count);
                   },
                   nullptr);
  png_set_IHDR(encoder, info, static_cast<png_uint_32>(picture.width), static_cast<png_uint_32>(picture.height), 8,
               kColours[picture.channels], interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  std::vector<png_bytep> rows;
  for (std::int32_t y = 0; y < picture.height; y++) {
    rows.push_back(const_cast<png_bytep>(picture.pixels.data() + y * picture.width * picture.channels));
  }
  png_set_rows(encoder, info, rows.data());
  png_write_png(encoder, info, PNG_TRANSFORM_IDENTITY, nullptr);
  png_destroy_write_struct(&encoder, &info);
  return result;
}

struct Decoded {
  std::vector<float> values;  // [channels, height, width], from 0 to 1
  std::int32_t status = -1;
  std::string message;
};

Decoded decode(const std::vector<std::uint8_t>& file, const ptc_image_form& form) {
  Decoded decoded;
  decoded.values.assign(static_cast<std::size_t>(form.width * form.height * form.channels), 7.0f);
  auto address = reinterpret_cast<std::int64_t>(file.data());
  auto length = static_cast<std::int64_t>(file.size());
  char message[PTC_IMAGE_MESSAGE_BYTES];
  CHECK_OK(ptc_image_batch(nullptr, &form, 1, &address, &length, decoded.values.data(), &decoded.status, message));
  decoded.message = message;
  return decoded;
}

// As partita_image.h defines it, in float64, pixel by pixel.
std::vector<double> oracle(const Picture& p, const ptc_image_form& form, std::int32_t left, std::int32_t top,
                           std::int32_t width, std::int32_t height) {
  auto weight = [](double in, double out, double x, std::int32_t i) {
    double s = in / out, r = std::max(s, 1.0);
    return std::max(0.0, 1 - std::fabs(i + 0.5 - (x + 0.5) * s) / r);
  };
  std::vector<double> result;
  for (std::int32_t c = 0; c < p.channels; c++) {
    for (std::int32_t y = 0; y < form.height; y++) {
      for (std::int32_t x = 0; x < form.width; x++) {
        double sum = 0, weights = 0;
        for (std::int32_t v = 0; v < height; v++) {
          double down = weight(height, form.height, y, v);
          if (down == 0) continue;
          for (std::int32_t u = 0; u < width; u++) {
            double w = down * weight(width, form.width, x, u);
            if (w == 0) continue;
            sum += w * p.pixels[static_cast<std::size_t>(((top + v) * p.width + left + u) * p.channels + c)];
            weights += w;
          }
        }
        result.push_back((sum / weights / 255 - form.mean[c]) / form.deviation[c]);
      }
    }
  }
  return result;
}

TEST("resizing agrees with its definition, up, down, and by odd numbers, on every processor and pool") {
  const std::int32_t sizes[][4] = {{1, 1, 1, 1},   {1, 1, 5, 3},    {7, 5, 7, 5},   {33, 17, 8, 9}, {100, 3, 9, 40},
                                   {64, 64, 32, 32}, {13, 250, 31, 7}, {301, 77, 64, 64}};
  for (const auto& size : sizes) {
    for (std::int32_t channels : {1, 3}) {
      Picture picture = noise(size[0], size[1], channels, 3);
      ptc_image_form form = form_of(size[2], size[3], channels);
      for (int c = 0; c < 3; c++) form.mean[c] = 0.4f + 0.1f * static_cast<float>(c), form.deviation[c] = 0.25f;
      std::vector<double> expected = oracle(picture, form, 0, 0, size[0], size[1]);
      std::vector<float> out(expected.size()), first;
      on_every_cpu_and_pool([&](ptc_pool* pool) {
        std::fill(out.begin(), out.end(), 7.0f);
        CHECK_OK(ptc_image_resize(pool, &form, picture.pixels.data(), size[0], size[1], out.data()));
        if (first.empty()) first = out;
        CHECK(same_bits(out, first));
      });
      for (std::size_t i = 0; i < out.size(); i++) {
        if (std::fabs(out[i] - expected[i]) > 2e-6 * 4) {
          fail(__FILE__, __LINE__, "value " + std::to_string(i) + " is " + std::to_string(out[i]) + ", not " + std::to_string(expected[i]));
          break;
        }
      }
    }
  }
}

TEST("a crop takes the largest part of the wanted shape from the middle") {
  Picture picture = noise(40, 20, 3, 5);
  ptc_image_form form = form_of(10, 10);
  form.fit = PTC_IMAGE_CROP;
  std::vector<float> out(300);
  CHECK_OK(ptc_image_resize(nullptr, &form, picture.pixels.data(), 40, 20, out.data()));
  std::vector<double> expected = oracle(picture, form, 10, 0, 20, 20);
  for (std::size_t i = 0; i < out.size(); i++) CHECK(std::fabs(out[i] - expected[i]) < 1e-6);
  form.width = 1000, form.height = 1;  // a part less than a pixel high
  out.resize(3000);
  CHECK_OK(ptc_image_resize(nullptr, &form, picture.pixels.data(), 40, 20, out.data()));
}

TEST("narrow outputs are the float32 ones, rounded") {
  Picture picture = noise(50, 30, 3, 9);
  ptc_image_form form = form_of(20, 20);
  std::vector<float> wide(1200);
  CHECK_OK(ptc_image_resize(nullptr, &form, picture.pixels.data(), 50, 30, wide.data()));
  for (std::int32_t dtype : {PTC_BFLOAT16, PTC_FLOAT16}) {
    form.dtype = dtype;
    CHECK(ptc_image_bytes(&form) == 2400);
    std::vector<std::uint16_t> narrow(1200), expected(1200);
    CHECK_OK(ptc_image_resize(nullptr, &form, picture.pixels.data(), 50, 30, narrow.data()));
    CHECK_OK(ptc_convert(nullptr, PTC_FLOAT32, wide.data(), dtype, expected.data(), 1200, 1));
    CHECK(same_bits(narrow, expected));
  }
}

TEST("PNGs come back exactly, interlaced or not, grey, coloured or with alpha; JPEGs nearly") {
  for (std::int32_t channels : {1, 2, 3, 4}) {
    for (bool interlaced : {false, true}) {
      Picture picture = noise(31, 17, channels, 7);
      for (std::int32_t wanted : {1, 3}) {
        Decoded decoded = decode(png(picture, interlaced), form_of(31, 17, wanted));
        CHECK(decoded.status == PTC_OK && decoded.message.empty());
        double worst = 0;
        for (std::int32_t i = 0; i < 31 * 17 * wanted; i++) {
          const std::uint8_t* pixel = picture.pixels.data() + i % (31 * 17) * channels;
          double value = channels < 3    ? pixel[0]
                         : wanted == 1 ? 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2]
                                       : pixel[i / (31 * 17)];
          worst = std::max(worst, std::fabs(decoded.values[static_cast<std::size_t>(i)] * 255 - value));
        }
        CHECK(worst < (channels >= 3 && wanted == 1 ? 1.01 : 1e-3));
      }
    }
  }
  for (bool progressive : {false, true}) {
    Picture picture = slope(64, 48, 3);
    Decoded decoded = decode(jpeg(picture, progressive), form_of(64, 48));
    CHECK(decoded.status == PTC_OK);
    for (std::int32_t i = 0; i < 3 * 64 * 48; i++) {
      double value = picture.pixels[static_cast<std::size_t>(i % (64 * 48) * 3 + i / (64 * 48))];
      CHECK(std::fabs(decoded.values[static_cast<std::size_t>(i)] * 255 - value) < 16);
    }
    CHECK(decode(jpeg(slope(64, 48, 1)), form_of(64, 48, 3)).status == PTC_OK);
    CHECK(decode(jpeg(picture), form_of(10, 10, 1)).status == PTC_OK);
  }
}

TEST("one bad image is told by its number and leaves the others alone") {
  Picture picture = slope(40, 30, 3);
  std::vector<std::vector<std::uint8_t>> files;
  for (int i = 0; i < 12; i++) files.push_back(i % 2 == 0 ? jpeg(picture) : png(picture));
  files[3].resize(files[3].size() / 2);
  files[4].resize(files[4].size() / 2);
  files[7] = {'G', 'I', 'F', '8', '9', 'a'};
  files[8].clear();
  files[9] = png(slope(300, 300, 3));  // above max_pixels
  files[10] = jpeg(noise(16, 16, 4, 1));
  ptc_image_form form = form_of(16, 16);
  form.max_pixels = 10000;
  std::vector<std::int64_t> addresses, lengths;
  for (const auto& file : files) {
    addresses.push_back(reinterpret_cast<std::int64_t>(file.data()));
    lengths.push_back(static_cast<std::int64_t>(file.size()));
  }
  std::vector<float> good = decode(jpeg(picture), form).values, exact = decode(png(picture), form).values;
  on_every_cpu_and_pool([&](ptc_pool* pool) {
    std::vector<float> out(12 * good.size(), 7.0f);
    std::vector<std::int32_t> statuses(12, -1);
    std::vector<char> messages(12 * PTC_IMAGE_MESSAGE_BYTES, 'x');
    CHECK_OK(ptc_image_batch(pool, &form, 12, addresses.data(), lengths.data(), out.data(), statuses.data(), messages.data()));
    const char* expected[12] = {"", "", "", "PNG: ", "JPEG: ", "", "", "neither", "no bytes", "at most 10000", "JPEG: ", ""};
    for (std::size_t i = 0; i < 12; i++) {
      const char* message = messages.data() + i * PTC_IMAGE_MESSAGE_BYTES;
      bool bad = *expected[i] != '\0';
      CHECK((statuses[i] == PTC_OK) != bad && std::strstr(message, expected[i]) != nullptr && (*message != '\0') == bad);
      std::vector<float> values(out.begin() + static_cast<std::ptrdiff_t>(i * good.size()),
                                out.begin() + static_cast<std::ptrdiff_t>((i + 1) * good.size()));
      CHECK(values == (bad ? std::vector<float>(good.size()) : i % 2 == 0 ? good : exact));
    }
  });
}

TEST("a header that claims a huge image costs nothing") {
  auto file = png(slope(8, 8, 3));
  const std::uint8_t huge[] = {0x7F, 0xFF, 0xFF, 0xFF};
  std::copy(huge, huge + 4, file.begin() + 16);  // width; its checksum is wrong now, which libpng notices first
  CHECK(decode(file, form_of(4, 4)).status == PTC_INVALID_ARGUMENT);
  auto jpg = jpeg(slope(8, 8, 3));
  for (std::size_t at = 0; at + 9 < jpg.size(); at++) {
    if (jpg[at] == 0xFF && jpg[at + 1] == 0xC0) jpg[at + 5] = jpg[at + 6] = jpg[at + 7] = jpg[at + 8] = 0xFF;
  }
  std::int32_t width = 0, height = 0;
  CHECK(ptc_image_size(jpg.data(), static_cast<std::int64_t>(jpg.size()), &width, &height) == PTC_INVALID_ARGUMENT ||
        (width == 65535 && height == 65535));
  Decoded decoded = decode(jpg, form_of(4, 4));
  CHECK(decoded.status == PTC_INVALID_ARGUMENT);
}

TEST("damaged images are decoded or refused, whatever the damage") {
  std::mt19937 random(3);
  for (const auto& file : {jpeg(slope(40, 30, 3)), jpeg(slope(40, 30, 3), true), png(noise(20, 20, 4, 2), true)}) {
    for (int round = 0; round < 2000; round++) {
      auto bad = file;
      for (unsigned k = random() % 4; k < 4; k++) bad[random() % bad.size()] = static_cast<std::uint8_t>(random());
      if (random() % 4 == 0) bad.resize(random() % bad.size());
      ptc_image_form form = form_of(8, 8);
      form.max_pixels = 1 << 20;
      Decoded decoded = decode(bad, form);
      CHECK(decoded.status == PTC_OK || decoded.status == PTC_INVALID_ARGUMENT);
      CHECK((decoded.status == PTC_OK) == decoded.message.empty());
    }
  }
}

TEST("wrong forms are refused") {
  float out[300];
  std::uint8_t pixels[3] = {};
  auto refused = [&](const ptc_image_form& form) {
    return ptc_image_resize(nullptr, &form, pixels, 1, 1, out) == PTC_INVALID_ARGUMENT && ptc_image_bytes(&form) == -1;
  };
  ptc_image_form good = form_of(2, 2), form = good;
  CHECK_OK(ptc_image_resize(nullptr, &good, pixels, 1, 1, out));
  form.width = 0;
  CHECK(refused(form));
  form = good, form.height = 16385;
  CHECK(refused(form));
  form = good, form.channels = 2;
  CHECK(refused(form));
  form = good, form.fit = 2;
  CHECK(refused(form));
  form = good, form.dtype = PTC_INT8;
  CHECK(refused(form));
  form = good, form.max_pixels = 0;
  CHECK(refused(form));
  form = good, form.mean[1] = NAN;
  CHECK(refused(form));
  form = good, form.deviation[2] = 0;
  CHECK(refused(form));
  CHECK(ptc_image_resize(nullptr, &good, pixels, 0, 1, out) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_image_resize(nullptr, &good, pixels, 65536, 1, out) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_image_resize(nullptr, &good, nullptr, 1, 1, out) == PTC_INVALID_ARGUMENT);
}

}  // namespace
