// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import java.util.List;

/**
 * One input of a request, checked: the data has as many elements as the shape says.
 *
 * @param shape at most 8 dimensions, none negative
 * @param data row-major
 */
@SuppressWarnings("ArrayRecordComponent")
record Tensor(String name, Datatype datatype, long[] shape, Data data) {

  /** The elements in the form models take them in. */
  sealed interface Data {}

  /** BYTES: UTF-8, checked. */
  record Texts(List<byte[]> utf8) implements Data {}

  /** FP32, and every other number rounded to it. */
  @SuppressWarnings("ArrayRecordComponent")
  record Floats(float[] values) implements Data {}
}
