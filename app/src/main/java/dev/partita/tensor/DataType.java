// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;

/** How kernels find and leave values in memory. They compute in float32, whatever is stored. */
public enum DataType {
  FLOAT32(PartitaCore.PTC_FLOAT32, 4),
  BFLOAT16(PartitaCore.PTC_BFLOAT16, 2),
  FLOAT16(PartitaCore.PTC_FLOAT16, 2),
  /** Values divided by a scale and rounded, -127 to 127: for conversions only. */
  INT8(PartitaCore.PTC_INT8, 1);

  private final int code;
  private final int byteSize;

  DataType(int code, int byteSize) {
    this.code = code;
    this.byteSize = byteSize;
  }

  /** Bytes of one value. */
  public int byteSize() {
    return byteSize;
  }

  int code() {
    return code;
  }
}
