// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a set from any store, through its channels; see {@link ChannelSetWriter}. */
final class ChannelSetReader {
  private static final int PIECE_BYTES = 1 << 20;

  private final BlobStore blobs;
  private final URI folder;
  private final Manifest manifest;

  ChannelSetReader(BlobStore blobs, URI folder, Manifest manifest) {
    this.blobs = blobs;
    this.folder = folder;
    this.manifest = manifest;
  }

  void load(List<CheckpointFile> targets) {
    for (CheckpointFile target : targets) {
      check(part(target.name()));
    }
    for (CheckpointFile target : targets) {
      fill(target);
    }
  }

  private Manifest.Part part(String name) {
    return manifest.files().stream()
        .filter(part -> part.name().equals(name))
        .findFirst()
        .orElseThrow(() -> corrupt(name, "is not in the manifest", null));
  }

  private void check(Manifest.Part part) {
    try (SeekableByteChannel channel = blobs.read(folder.resolve(part.name()))) {
      if (channel.size() != part.bytes()) {
        throw corrupt(part.name(), "has " + channel.size() + " bytes, not " + part.bytes(), null);
      }
      CRC32C crc = new CRC32C();
      ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
      while (channel.read(piece.clear()) >= 0) {
        crc.update(piece.flip());
      }
      if (!ChecksumChannel.hex(crc).equals(part.crc32c())) {
        throw corrupt(part.name(), "does not have the checksum of its manifest", null);
      }
    } catch (IOException e) {
      throw corrupt(part.name(), "cannot be read", e);
    }
  }

  private void fill(CheckpointFile target) {
    try (SeekableByteChannel channel = blobs.read(folder.resolve(target.name()))) {
      SafetensorsReader reader = SafetensorsReader.open(channel);
      for (TensorBytes tensor : target.tensors()) {
        reader.read(tensor.name(), tensor.bytes().duplicate());
      }
    } catch (IOException e) {
      throw corrupt(target.name(), "cannot be read", e);
    }
  }

  private PartitaException corrupt(String file, String reason, @Nullable Exception cause) {
    return new PartitaException(
        ErrorCode.CHECKPOINT_CORRUPT,
        folder.resolve(file) + " " + reason + (cause == null ? "" : ": " + cause),
        cause);
  }
}
