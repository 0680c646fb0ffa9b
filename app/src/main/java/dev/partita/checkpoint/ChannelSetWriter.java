// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Into any store, through its channels: for stores whose bytes leave the machine through the JVM.
 */
final class ChannelSetWriter implements SetWriter {
  private final BlobStore blobs;
  private final @Nullable Snapshot snapshot;
  private final List<CheckpointFile> files;
  private final List<Manifest.Part> parts = new ArrayList<>();
  private @Nullable URI folder;

  ChannelSetWriter(BlobStore blobs, List<CheckpointFile> live, boolean copied) {
    this.blobs = blobs;
    this.snapshot = copied ? new Snapshot(live) : null;
    this.files = snapshot == null ? live : snapshot.files();
  }

  @Override
  public void prepare() {}

  @Override
  public void begin(URI target) {
    folder = target;
    parts.clear();
    if (snapshot != null) {
      snapshot.take();
    }
  }

  @Override
  public boolean await(BooleanSupplier abandoned) throws IOException {
    try {
      for (CheckpointFile file : files) {
        parts.add(write(file, abandoned));
      }
      return true;
    } catch (ChecksumChannel.AbandonedException e) {
      return false;
    }
  }

  private Manifest.Part write(CheckpointFile file, BooleanSupplier abandoned) throws IOException {
    ChecksumChannel[] sums = new ChecksumChannel[1];
    blobs.write(
        folder().resolve(file.name()),
        channel -> {
          sums[0] = new ChecksumChannel(channel, abandoned);
          SafetensorsWriter.write(sums[0], file.metadata(), file.tensors());
        });
    return new Manifest.Part(file.name(), sums[0].bytes(), sums[0].crc32c());
  }

  @Override
  public Committed commit() throws IOException {
    Manifest manifest = new Manifest(parts);
    ByteBuffer json = ByteBuffer.wrap(manifest.toJson().getBytes(StandardCharsets.UTF_8));
    CRC32C crc = new CRC32C();
    crc.update(json.duplicate());
    blobs.write(
        folder().resolve(Manifest.NAME),
        channel -> {
          while (json.hasRemaining()) {
            channel.write(json);
          }
        });
    blobs.sync(folder());
    return new Committed(manifest.bytes(), ChecksumChannel.hex(crc));
  }

  private URI folder() {
    if (folder == null) {
      throw new IllegalStateException("nothing has been begun");
    }
    return folder;
  }

  @Override
  public void close() {}
}
