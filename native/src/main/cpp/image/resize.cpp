// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Resize on the CPU: one row in between, used while it is in the cache.
#include "resize_on_cpu.h"

#include "resize_call.h"

namespace partita {
namespace {

template <typename Work>
void run_here(const Work& work, std::int64_t from, std::int64_t to) {
  auto path = (cpu_features() & PTC_CPU_AVX2) != 0 ? run_avx2<Work> : run_scalar<Work>;
  path(work, from, to);
}

template <typename T>
void resize_rows(const Resize<T>& plan, std::int64_t from, std::int64_t to) {
  const std::int64_t channels = plan.columns.channels;
  for (std::int64_t y = from; y < to; y++) {
    run_here(plan.rows, y, y + 1);
    run_here(plan.columns, y * channels, (y + 1) * channels);
  }
}

}  // namespace

void resize_on_cpu(const ptc_image_form& form, const std::uint8_t* pixels, std::int32_t width, std::int32_t height,
                   void* out, Buffer<float>& space) {
  ImagePart part = part_of(form, width, height);
  float* own = space.at_least(static_cast<std::size_t>(resize_space(form, part, 1)));
  with_dtype(form.dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    Resize<T> plan = plan_resize(form, pixels, width, height, own, false, static_cast<T*>(out));
    run_here(plan.row_taps, 0, form.height);
    run_here(plan.column_taps, 0, form.width);
    resize_rows(plan, 0, form.height);
  });
}

}  // namespace partita

int64_t ptc_image_bytes(const ptc_image_form* form) {
  int64_t bytes = -1;
  partita::guarded([&] {
    partita::check_form(form);
    bytes = int64_t{form->width} * form->height * form->channels * (form->dtype == PTC_FLOAT32 ? 4 : 2);
  });
  return bytes;
}

// Bands of rows, each with a row of its own in between; the weights are everybody's.
ptc_status ptc_image_resize(ptc_pool* pool, const ptc_image_form* form, const uint8_t* pixels, int32_t width,
                            int32_t height, void* out) {
  using namespace partita;
  return guarded([&] {
    check_form(form);
    check_image(width, height, *form);
    require(pixels != nullptr && out != nullptr, "ptc_image_resize: a pointer is null");
    ImagePart part = part_of(*form, width, height);
    const std::int64_t threads = pool == nullptr ? 1 : pool->threads.threads();
    const std::int64_t band = std::max<std::int64_t>(1, (form->height + threads - 1) / threads);
    const std::int64_t row = part.width * form->channels;
    Buffer<float> space;
    float* own = space.at_least(static_cast<std::size_t>(resize_space(*form, part, threads)));
    with_dtype(form->dtype, [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      Resize<T> plan = plan_resize(*form, pixels, width, height, own, false, static_cast<T*>(out));
      run_here(plan.row_taps, 0, form->height);
      run_here(plan.column_taps, 0, form->width);
      in_parts(pool, threads, 1, [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t t = from; t < to; t++) {
          Resize<T> mine = plan;
          mine.rows.rows = plan.rows.rows + t * row;
          mine.columns.rows = mine.rows.rows;
          resize_rows(mine, std::min<std::int64_t>(t * band, form->height), std::min<std::int64_t>((t + 1) * band, form->height));
        }
      });
    });
  });
}
