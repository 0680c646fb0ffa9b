// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

/** The protocol's element types; the size is 0 where it varies. */
enum Datatype {
  BOOL(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FP16(2),
  FP32(4),
  FP64(8),
  BYTES(0);

  private final int byteSize;

  Datatype(int byteSize) {
    this.byteSize = byteSize;
  }

  int byteSize() {
    return byteSize;
  }
}
