// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The CUDA twins compiled as plain C++ (see cuda/launch.h), for machines without a GPU.
#include "../cuda/conversion.cu"
#include "../cuda/featurizer.cu"
#include "../cuda/image.cu"
#include "../cuda/layers.cu"
#include "../cuda/muon.cu"
#include "../cuda/optimizer.cu"
#include "../cuda/row_gradient.cu"
#include "../cuda/updates.cu"

const char* ptc_cuda_last_error(void) { return ptc_last_error(); }
