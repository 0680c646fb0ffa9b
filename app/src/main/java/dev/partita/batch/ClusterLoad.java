// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.Resources;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;

/** What of the pods is in use and who leads them, as the rows say. */
@ApplicationScoped
public class ClusterLoad {
  private final JobEngine engine;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected ClusterLoad() {
    this(null);
  }

  @Inject
  public ClusterLoad(JobEngine engine) {
    this.engine = engine;
  }

  /**
   * By the holder of a pod; one with nothing is absent.
   *
   * @throws dev.partita.error.PartitaException STORAGE_FAILURE
   */
  public Map<String, Resources> takenByHolder() {
    return PlacementRepository.taken(engine.parts().database());
  }

  /**
   * The holder that leads, or did last; empty if none ever did.
   *
   * @throws dev.partita.error.PartitaException STORAGE_FAILURE
   */
  public String leader() {
    return LeaderRepository.holder(engine.parts().database());
  }
}
