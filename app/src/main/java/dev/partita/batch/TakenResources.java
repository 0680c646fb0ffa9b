// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.Resources;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;

/** What of the pods is in use, as the rows of running partitions say. */
@ApplicationScoped
public class TakenResources {
  private final JobEngine engine;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected TakenResources() {
    this(null);
  }

  @Inject
  public TakenResources(JobEngine engine) {
    this.engine = engine;
  }

  /**
   * By the holder of a pod; one with nothing is absent.
   *
   * @throws dev.partita.error.PartitaException STORAGE_FAILURE
   */
  public Map<String, Resources> byHolder() {
    return PlacementRepository.taken(engine.parts().database());
  }
}
