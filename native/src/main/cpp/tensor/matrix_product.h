// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The matrix product on the CPU.
#pragma once

#include "counted_memory.h"
#include "matrix.h"
#include "partita_tensor.h"

namespace partita {

// `scratch` is for packed panels; it may be used again.
void multiply(ptc_pool* pool, const MatrixProduct& product, Buffer<float>& scratch);

}  // namespace partita
