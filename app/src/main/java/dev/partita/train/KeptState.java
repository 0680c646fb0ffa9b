// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.checkpoint.CheckpointFile;
import dev.partita.checkpoint.DType;
import dev.partita.checkpoint.TensorBytes;
import dev.partita.tensor.NamedRegion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors that make up the checkpoints of a gang; every rank registers the same. */
final class KeptState {
  private final Map<String, CheckpointFile> files = new LinkedHashMap<>();
  private final Map<String, ByteBuffer> floats = new LinkedHashMap<>();

  synchronized FloatBuffer floats(String name, long... shape) {
    long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    ByteBuffer bytes =
        floats.computeIfAbsent(
            name,
            key -> {
              ByteBuffer fresh = ByteBuffer.allocateDirect(Math.toIntExact(count * Float.BYTES));
              add(
                  new CheckpointFile(
                      CheckpointFile.MODEL,
                      Map.of(),
                      List.of(TensorBytes.floats(name, fresh, shape))));
              return fresh;
            });
    return bytes.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  synchronized void keep(String name, Map<String, String> metadata, List<NamedRegion> regions) {
    List<TensorBytes> tensors =
        regions.stream()
            .map(
                region ->
                    new TensorBytes(
                        region.name(),
                        DType.F32,
                        region.shape(),
                        region.view(0, Math.toIntExact(region.byteSize()))))
            .toList();
    add(new CheckpointFile(name, metadata, tensors));
  }

  synchronized List<CheckpointFile> files() {
    return List.copyOf(files.values());
  }

  /** Adds the tensors that are not there yet: those of the first rank that brings them. */
  private void add(CheckpointFile more) {
    CheckpointFile known = files.get(more.name());
    if (known == null) {
      files.put(more.name(), more);
      return;
    }
    List<TensorBytes> tensors = new ArrayList<>(known.tensors());
    for (TensorBytes tensor : more.tensors()) {
      if (tensors.stream().noneMatch(other -> other.name().equals(tensor.name()))) {
        tensors.add(tensor);
      }
    }
    Map<String, String> metadata = new LinkedHashMap<>(known.metadata());
    metadata.putAll(more.metadata());
    files.put(more.name(), new CheckpointFile(more.name(), metadata, tensors));
  }
}
