// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.checkpoint.BlobStore;
import dev.partita.checkpoint.SafetensorsHeader;
import dev.partita.checkpoint.SafetensorsReader;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.BagModel;
import dev.partita.tensor.NamedRegion;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.util.List;

/** Reads the weights of a text classifier from its {@code model.safetensors}. */
public final class TextModelFile {
  private TextModelFile() {}

  /** The model, which the caller closes; its sizes are those of the file's tensors. */
  public static BagModel load(BlobStore blobs, URI file) {
    try (SeekableByteChannel channel = blobs.read(file)) {
      SafetensorsReader reader = SafetensorsReader.open(channel);
      List<Long> embedding = shape(reader, "embedding.weight", 2);
      List<Long> head = shape(reader, "head.weight", 2);
      BagModel model =
          BagModel.create(
              Math.toIntExact(embedding.get(0)),
              Math.toIntExact(embedding.get(1)),
              Math.toIntExact(head.get(0)),
              0);
      try {
        for (NamedRegion region : model.parameters()) {
          reader.read(region.name(), region.view(0, Math.toIntExact(region.byteSize())));
        }
        return model;
      } catch (IOException | RuntimeException e) {
        model.close();
        throw e;
      }
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE, "could not read the weights " + file + ": " + e, e);
    }
  }

  private static List<Long> shape(SafetensorsReader reader, String name, int rank) {
    SafetensorsHeader.Entry entry = reader.tensors().get(name);
    if (entry == null || entry.shape().size() != rank) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "no tensor " + name + " of rank " + rank + " in the file");
    }
    return entry.shape();
  }
}
