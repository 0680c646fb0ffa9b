// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.net.URI;
import java.time.Instant;

/**
 * A committed checkpoint: its row.
 *
 * @param runId the run it belongs to, see {@link CheckpointRun#runId}
 * @param manifest the manifest's URI; the files lie beside it
 * @param manifestCrc32c checksum of the manifest, eight hexadecimal digits
 * @param bytes size of all files together
 * @param weightsSha256 of {@code model.safetensors}; empty unless the run is complete
 */
public record Checkpoint(
    String runId,
    CheckpointPoint point,
    URI manifest,
    String manifestCrc32c,
    long bytes,
    String weightsSha256,
    Instant createdAt) {
  /** The URI of one of its files. */
  public URI file(String name) {
    return manifest.resolve(name);
  }

  /** The folder of its files, with a trailing slash. */
  public URI folder() {
    return manifest.resolve("./");
  }
}
