// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Writes one Arrow IPC file of one record batch: the same texts give the same bytes. */
final class ShardWriter {
  static final String ID = "id";
  static final String LABEL = "label";
  static final String TEXT = "text";
  static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.notNullable(ID, ArrowType.Utf8.INSTANCE),
              Field.notNullable(LABEL, new ArrowType.Int(32, true)),
              Field.notNullable(TEXT, ArrowType.Utf8.INSTANCE)));

  private ShardWriter() {}

  /** Returns once the file is on disk. */
  static ShardEntry write(Path folder, String file, boolean heldOut, List<LabelledText> texts)
      throws IOException {
    Path path = folder.resolve(file);
    try (BufferAllocator memory = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(SCHEMA, memory);
        FileChannel channel =
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
      fill(root, texts);
      writer.start();
      writer.writeBatch();
      writer.end();
      channel.force(true);
    }
    return new ShardEntry(file, heldOut, texts.size(), Files.size(path), Sha256.of(path));
  }

  private static void fill(VectorSchemaRoot root, List<LabelledText> texts) {
    VarCharVector ids = (VarCharVector) root.getVector(ID);
    IntVector labels = (IntVector) root.getVector(LABEL);
    VarCharVector words = (VarCharVector) root.getVector(TEXT);
    for (int row = 0; row < texts.size(); row++) {
      LabelledText text = texts.get(row);
      ids.setSafe(row, text.id().getBytes(StandardCharsets.UTF_8));
      labels.setSafe(row, text.label());
      words.setSafe(row, text.text().getBytes(StandardCharsets.UTF_8));
    }
    root.setRowCount(texts.size());
  }
}
