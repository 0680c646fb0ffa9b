// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// From a form and pixels to the works of resize.h, for the CPU and for the GPU alike.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "partita_image.h"
#include "resize.h"
#include "work.h"

namespace partita {

constexpr std::int32_t kMaxImageSide = 65535;

inline void check_form(const ptc_image_form* form) {
  require(form != nullptr, "image: form is null");
  require(form->width >= 1 && form->width <= 16384 && form->height >= 1 && form->height <= 16384,
          "image: width and height must be 1 to 16384");
  require(form->channels == 1 || form->channels == 3, "image: channels must be 1 or 3");
  require(form->fit == PTC_IMAGE_STRETCH || form->fit == PTC_IMAGE_CROP,
          "image: fit must be PTC_IMAGE_STRETCH or PTC_IMAGE_CROP");
  with_dtype(form->dtype, [](auto*) {});
  require(form->max_pixels >= 1, "image: max_pixels must be 1 or above");
  for (int c = 0; c < form->channels; c++) {
    require(std::fabs(form->mean[c]) <= 1e6f, "image: mean must be -1e6 to 1e6");
    require(form->deviation[c] >= 1e-6f && form->deviation[c] <= 1e6f, "image: deviation must be 1e-6 to 1e6");
  }
}

// The part of an image that becomes the output.
struct ImagePart {
  std::int64_t left, top, width, height;
};

inline ImagePart part_of(const ptc_image_form& form, std::int64_t width, std::int64_t height) {
  if (form.fit == PTC_IMAGE_STRETCH) return {0, 0, width, height};
  // The side that is too long is cut to the other times the ratio, rounded to nearest.
  std::int64_t wide = (2 * height * form.width + form.height) / (2 * form.height);
  std::int64_t high = (2 * width * form.height + form.width) / (2 * form.width);
  std::int64_t w = std::max<std::int64_t>(1, std::min(width, wide));
  std::int64_t h = std::max<std::int64_t>(1, std::min(height, high));
  return {(width - w) / 2, (height - h) / 2, w, h};
}

// Values of 4 bytes that a resize of this part needs, with `rows` rows in between.
inline std::int64_t resize_space(const ptc_image_form& form, const ImagePart& part, std::int64_t rows) {
  return form.height * (taps_of(part.height, form.height) + 1) + form.width * (taps_of(part.width, form.width) + 1) +
         rows * part.width * form.channels;
}

template <typename T>
struct Resize {
  Taps row_taps, column_taps;
  ResizeRows rows;
  ResizeColumns<T> columns;
};

// all_rows: there is space for every row in between; otherwise for one.
template <typename T>
Resize<T> plan_resize(const ptc_image_form& form, const std::uint8_t* pixels, std::int64_t width, std::int64_t height,
                      float* space, bool all_rows, T* out) {
  ImagePart part = part_of(form, width, height);
  const std::int64_t down = taps_of(part.height, form.height), across = taps_of(part.width, form.width);
  auto* first_row = reinterpret_cast<std::int32_t*>(space);
  auto* first_column = first_row + form.height;
  float* row_weights = reinterpret_cast<float*>(first_column + form.width);
  float* column_weights = row_weights + down * form.height;
  float* between = column_weights + across * form.width;
  const std::int64_t values = part.width * form.channels, step = all_rows ? values : 0;
  auto* start = reinterpret_cast<const UInt8*>(pixels) + (part.top * width + part.left) * form.channels;
  Resize<T> plan{{first_row, row_weights, part.height, form.height, down},
                 {first_column, column_weights, part.width, form.width, across},
                 {start, width * form.channels, part.height, values, first_row, row_weights, down, form.height, between, step},
                 {between, step, first_column, column_weights, across, part.width, form.width, form.height,
                  form.channels, {}, {}, out}};
  for (int c = 0; c < form.channels; c++) {
    double deviation = form.deviation[c];
    plan.columns.factor[c] = static_cast<float>(1 / (255 * deviation));
    plan.columns.offset[c] = static_cast<float>(-static_cast<double>(form.mean[c]) / deviation);
  }
  return plan;
}

inline void check_image(std::int32_t width, std::int32_t height, const ptc_image_form& form) {
  if (width < 1 || height < 1 || width > kMaxImageSide || height > kMaxImageSide) {
    throw InvalidArgument("an image of " + std::to_string(width) + " x " + std::to_string(height) + " pixels");
  }
  if (static_cast<std::int64_t>(width) * height > form.max_pixels) {
    throw InvalidArgument("an image of " + std::to_string(width) + " x " + std::to_string(height) +
                          " pixels; at most " + std::to_string(form.max_pixels) + " are allowed");
  }
}

}  // namespace partita
