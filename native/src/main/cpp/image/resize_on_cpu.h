// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "counted_memory.h"
#include "partita_image.h"

namespace partita {

// In the caller's thread; form and size were checked. `space` is grown as needed and may be used again.
void resize_on_cpu(const ptc_image_form& form, const std::uint8_t* pixels, std::int32_t width, std::int32_t height,
                   void* out, Buffer<float>& space);

}  // namespace partita
