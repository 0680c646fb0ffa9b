// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.data.TestDatabase;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A store in a temporary folder, and checkpoints of two small tensors. */
public final class CheckpointFixture {
  final BlobStore blobs;
  final CheckpointRepository rows;
  final CheckpointRun run;

  CheckpointFixture(Path folder, BlobStore blobs) throws Exception {
    this.blobs = blobs;
    this.rows = new CheckpointRepository(TestDatabase.create());
    this.run = new CheckpointRun("7-train", storage(folder), 2);
  }

  /** A store over a database of its own, for other rooms' tests. */
  public static CheckpointStore newStore() throws Exception {
    return new CheckpointStore(
        new FileBlobStore(),
        new CheckpointRepository(TestDatabase.create()),
        InstantSource.system());
  }

  public static URI storage(Path folder) {
    return URI.create(folder.toUri().toString().replaceAll("/*$", "/"));
  }

  CheckpointStore store() {
    return new CheckpointStore(blobs, rows, InstantSource.system());
  }

  Checkpoint save(long iteration, float value) {
    return store().save(run, point(iteration), files(value));
  }

  static CheckpointPoint point(long iteration) {
    return new CheckpointPoint(
        iteration, false, Map.of("epoch", "1"), Map.of("loss", 0.5, "bad", Double.NaN));
  }

  static List<CheckpointFile> files(float value) {
    return List.of(
        new CheckpointFile(
            CheckpointFile.MODEL,
            Map.of("format", "pt"),
            List.of(tensor("weight", value, 4, 3), tensor("bias", -value, 3))),
        new CheckpointFile(
            CheckpointFile.OPTIMIZER, Map.of(), List.of(tensor("moment", value / 2, 4, 3))));
  }

  static TensorBytes tensor(String name, float value, long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(4 * i, value + i);
    }
    return TensorBytes.floats(name, bytes, shape);
  }

  static float first(List<CheckpointFile> files) {
    ByteBuffer bytes = files.get(0).tensors().get(0).bytes().duplicate();
    return bytes.order(ByteOrder.LITTLE_ENDIAN).getFloat(0);
  }
}
