// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.util.List;
import java.util.Map;

/**
 * One file of a checkpoint, in safetensors layout.
 *
 * @param name without folders, for example {@code model.safetensors}
 * @param metadata goes into the file's header; must not depend on the run, so that equal weights
 *     make equal files
 */
public record CheckpointFile(String name, Map<String, String> metadata, List<TensorBytes> tensors) {
  /** The file whose SHA-256 names the weights. */
  public static final String MODEL = "model.safetensors";

  /** The file with what only a resumed training needs. */
  public static final String OPTIMIZER = "optimizer.safetensors";

  public CheckpointFile {
    if (!name.matches("[a-z][a-z0-9_-]{0,40}\\.safetensors")) {
      throw new IllegalArgumentException("checkpoint file " + name);
    }
    metadata = Map.copyOf(metadata);
    tensors = List.copyOf(tensors);
  }
}
