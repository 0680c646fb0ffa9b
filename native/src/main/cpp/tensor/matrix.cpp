// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Panels of b are packed for all threads, blocks of a by each thread for itself, and tiles of the result go
// through registers (Goto, van de Geijn 2008).
#include "matrix_product.h"

#include <algorithm>
#include <cstring>

#include "cpu.h"
#include "partita_optimizer.h"
#include "pool.h"

namespace partita {
namespace {

constexpr std::int64_t kDepth = 256;     // of k at a time
constexpr std::int64_t kBlockRows = 48;  // of a: 48 KiB, on the thread's stack
constexpr std::int64_t kPanel = 1024;    // columns of b: 1 MiB

struct Block {
  std::int64_t k0, depth, n0, columns;
};

// Strips of kTileColumns columns, each [depth][kTileColumns], padded with zeros.
void pack_b(const MatrixProduct& p, const Block& at, std::int64_t strip, float* out) {
  std::int64_t first = at.n0 + strip * kTileColumns;
  std::int64_t width = std::min<std::int64_t>(kTileColumns, at.n0 + at.columns - first);
  float* to = out + strip * kTileColumns * at.depth;
  for (std::int64_t k = 0; k < at.depth; k++, to += kTileColumns) {
    for (std::int64_t c = 0; c < kTileColumns; c++) {
      std::int64_t row = at.k0 + k, column = first + c;
      to[c] = c >= width ? 0.0f : p.b_transposed ? p.b[column * p.k + row] : p.b[row * p.n + column];
    }
  }
}

void pack_a(const MatrixProduct& p, const Block& at, std::int64_t row, std::int64_t rows, float* out) {
  for (std::int64_t k = 0; k < at.depth; k++) {
    for (std::int64_t r = 0; r < kTileRows; r++) {
      *out++ = r < rows ? p.a[(row + r) * p.k + at.k0 + k] : 0.0f;
    }
  }
}

void multiply_block(const MatrixProduct& p, const Block& at, std::int64_t row, const float* packed_b,
                    TileProduct tile_product) {
  alignas(64) float packed_a[kBlockRows * kDepth];
  alignas(64) float tile[kTileRows * kTileColumns];
  const std::int64_t rows = std::min(kBlockRows, p.m - row);
  const bool first = at.k0 == 0, last = at.k0 + at.depth == p.k;
  for (std::int64_t r = 0; r < rows; r += kTileRows) {
    pack_a(p, at, row + r, std::min<std::int64_t>(kTileRows, rows - r), packed_a + r * at.depth);
  }
  for (std::int64_t c = 0; c < at.columns; c += kTileColumns) {
    const std::int64_t width = std::min<std::int64_t>(kTileColumns, at.columns - c);
    for (std::int64_t r = 0; r < rows; r += kTileRows) {
      const std::int64_t height = std::min<std::int64_t>(kTileRows, rows - r);
      float* out = p.out + (row + r) * p.n + at.n0 + c;
      std::memset(tile, 0, sizeof tile);
      for (std::int64_t i = 0; !first && i < height; i++) {
        std::memcpy(tile + i * kTileColumns, out + i * p.n, static_cast<std::size_t>(width) * sizeof(float));
      }
      tile_product(packed_a + r * at.depth, packed_b + c * at.depth, at.depth, tile);
      for (std::int64_t i = 0; i < height; i++) {
        for (std::int64_t j = 0; j < width; j++) {
          float sum = tile[i * kTileColumns + j];
          if (last) {
            sum = sum * p.alpha;
            if (p.add != nullptr) sum += p.beta * p.add[(row + r + i) * p.n + at.n0 + c + j];
          }
          out[i * p.n + j] = sum;
        }
      }
    }
  }
}

}  // namespace

void tile_product_scalar(const float* a, const float* b, std::int64_t k, float* tile) {
  for (std::int64_t step = 0; step < k; step++, a += kTileRows, b += kTileColumns) {
    for (int r = 0; r < kTileRows; r++) {
      for (int c = 0; c < kTileColumns; c++) tile[r * kTileColumns + c] += a[r] * b[c];
    }
  }
}

void multiply(ptc_pool* pool, const MatrixProduct& p, Buffer<float>& scratch) {
  if (p.m == 0 || p.n == 0) return;
  TileProduct tile_product = (cpu_features() & PTC_CPU_AVX2) != 0 ? tile_product_avx2 : tile_product_scalar;
  float* packed_b = scratch.at_least(kDepth * kPanel);
  // One round with depth 0 where there is nothing to add up.
  for (std::int64_t n0 = 0; n0 < p.n; n0 += kPanel) {
    std::int64_t k0 = 0;
    do {
      Block at{k0, std::min(kDepth, p.k - k0), n0, std::min(kPanel, p.n - n0)};
      std::int64_t strips = (at.columns + kTileColumns - 1) / kTileColumns;
      in_parts(pool, strips, 16, [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t s = from; s < to; s++) pack_b(p, at, s, packed_b);
      });
      in_parts(pool, (p.m + kBlockRows - 1) / kBlockRows, 1, [&](std::int64_t from, std::int64_t to) {
        for (std::int64_t i = from; i < to; i++) multiply_block(p, at, i * kBlockRows, packed_b, tile_product);
      });
      k0 += kDepth;
    } while (k0 < p.k);
  }
}

}  // namespace partita

using partita::guarded;
using partita::require;

ptc_status ptc_matrix_product(ptc_pool* pool, const float* a, const float* b, int64_t m, int64_t n, int64_t k,
                              int32_t b_transposed, float* c) {
  return guarded([&] {
    constexpr int64_t kMost = int64_t{1} << 20;
    require(m >= 0 && m <= kMost && n >= 0 && n <= kMost && k >= 0 && k <= kMost,
            "ptc_matrix_product: m, n and k must be 0 to 2^20");
    require(m == 0 || n == 0 || (c != nullptr && (k == 0 || (a != nullptr && b != nullptr))),
            "ptc_matrix_product: a pointer is null");
    require(m == 0 || n == 0 || (c != a && c != b), "ptc_matrix_product: c is a or b");
    partita::Buffer<float> scratch;
    partita::multiply(pool, {a, b, c, m, n, k, b_transposed != 0, 1, nullptr, 0}, scratch);
  });
}
