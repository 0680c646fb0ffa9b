// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Resize and normalise on the GPU: all rows in between, then all columns.
#include "on_gpu.h"
#include "partita_cuda_tensor.h"
#include "resize_call.h"

using partita::cuda::OnGpu;

int64_t ptc_cuda_image_resize_workspace_bytes(const ptc_image_form* form, int32_t width, int32_t height) {
  int64_t bytes = -1;
  partita::guarded([&] {
    partita::check_form(form);
    partita::check_image(width, height, *form);
    bytes = 4 * partita::resize_space(*form, partita::part_of(*form, width, height), form->height);
  });
  return bytes;
}

ptc_status ptc_cuda_image_resize(void* stream, const ptc_image_form* form, const uint8_t* pixels, int32_t width,
                                 int32_t height, void* workspace, void* out) {
  return partita::guarded([&] {
    partita::check_form(form);
    partita::check_image(width, height, *form);
    partita::require(pixels != nullptr && workspace != nullptr && out != nullptr,
                     "ptc_cuda_image_resize: a pointer is null");
    partita::with_dtype(form->dtype, [&](auto* type) {
      using T = std::remove_pointer_t<decltype(type)>;
      auto plan = partita::plan_resize(*form, pixels, width, height, static_cast<float*>(workspace), true,
                                       static_cast<T*>(out));
      OnGpu on{stream};
      on.run(plan.row_taps, form->height);
      on.run(plan.column_taps, form->width);
      on.run(plan.rows, form->height);
      on.run(plan.columns, static_cast<std::int64_t>(form->height) * form->channels);
    });
  });
}
