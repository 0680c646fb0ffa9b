// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.json.JsonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads one committed checkpoint and believes none of its bytes before their checksum. */
final class CheckpointReader {
  private static final int MAX_MANIFEST_BYTES = 1 << 20;

  private final BlobStore blobs;
  private final Checkpoint checkpoint;

  CheckpointReader(BlobStore blobs, Checkpoint checkpoint) {
    this.blobs = blobs;
    this.checkpoint = checkpoint;
  }

  void load(List<CheckpointFile> targets) {
    Manifest manifest = manifest();
    try {
      blobs.load(checkpoint.folder(), manifest, targets);
    } catch (PartitaException e) {
      throw new PartitaException(
          ErrorCode.CHECKPOINT_CORRUPT,
          "checkpoint of iteration " + checkpoint.point().iteration() + ": " + e.getMessage(),
          e);
    }
  }

  private Manifest manifest() {
    try (SeekableByteChannel channel = blobs.read(checkpoint.manifest())) {
      if (channel.size() > MAX_MANIFEST_BYTES) {
        throw corrupt(Manifest.NAME, "is larger than 1 MiB", null);
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      CRC32C crc = new CRC32C();
      crc.update(bytes.flip().duplicate());
      if (!ChecksumChannel.hex(crc).equals(checkpoint.manifestCrc32c())) {
        throw corrupt(Manifest.NAME, "does not have the checksum of its row", null);
      }
      return Manifest.parse(StandardCharsets.UTF_8.decode(bytes).toString());
    } catch (IOException | JsonException | ClassCastException | NullPointerException e) {
      throw corrupt(Manifest.NAME, "cannot be read", e);
    }
  }

  private PartitaException corrupt(String file, String reason, @Nullable Exception cause) {
    return new PartitaException(
        ErrorCode.CHECKPOINT_CORRUPT,
        "checkpoint of iteration "
            + checkpoint.point().iteration()
            + ": "
            + checkpoint.file(file)
            + " "
            + reason
            + (cause == null ? "" : ": " + cause),
        cause);
  }
}
