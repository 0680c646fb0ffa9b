// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/**
 * Answers with registered models inside this process. A version is loaded at its first use (the
 * very first one loads libtorch, seconds); requests that arrive while a batch is computed form the
 * next batch. Safe for any number of threads.
 */
@ApplicationScoped
public class ModelServer {
  /** Stands for the newest version of a name. */
  public static final int LATEST = 0;

  private final ModelRepository models;

  @Inject
  public ModelServer(ModelRepository models) {
    this.models = models;
  }

  /**
   * Classifies texts, in their order; blocks until the batch they joined is done.
   *
   * @param version a number or {@link #LATEST}
   * @param utf8 one text each; invalid UTF-8 is replaced, never an error
   * @throws dev.partita.error.PartitaException NOT_FOUND for an unknown model; TOO_LARGE for more
   *     texts than one batch takes; UNAVAILABLE when the queue is full: try again later
   */
  public Inference infer(String model, int version, List<byte[]> utf8) {
    models.require(model, version);
    throw new UnsupportedOperationException("infer " + utf8.size() + " texts");
  }

  /** The versions in memory now. */
  public List<ModelVersion> loaded() {
    return List.of();
  }

  /** Texts waiting for a batch now. */
  public int queued() {
    return 0;
  }

  /** Frees a version's memory once its running batch is done; its next request loads it again. */
  public void unload(String model, int version) {
    models.require(model, version);
  }
}
