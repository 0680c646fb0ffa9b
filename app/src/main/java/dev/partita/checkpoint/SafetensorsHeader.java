// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.tensor.TensorFile;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header of a safetensors file; tensors cover the data without gap or overlap. */
public record SafetensorsHeader(Map<String, String> metadata, Map<String, Entry> tensors) {
  /** One tensor; {@code begin} and {@code end} count bytes from the start of the data. */
  public record Entry(DType type, List<Long> shape, long begin, long end) {
    public long bytes() {
      return end - begin;
    }
  }

  /** Read by the core, which believes none of it; throws INVALID_ARGUMENT. */
  static SafetensorsHeader parse(byte[] json, long dataBytes) {
    try (TensorFile file = TensorFile.safetensorsHeader(json, dataBytes)) {
      Map<String, Entry> tensors = new LinkedHashMap<>();
      file.tensors()
          .forEach(
              (name, tensor) ->
                  tensors.put(
                      name,
                      new Entry(
                          DType.of(tensor.dtype()),
                          tensor.shape(),
                          tensor.offset(),
                          tensor.offset() + tensor.bytes())));
      return new SafetensorsHeader(file.metadata(), Collections.unmodifiableMap(tensors));
    }
  }
}
