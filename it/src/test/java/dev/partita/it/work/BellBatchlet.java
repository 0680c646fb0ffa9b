// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.work;

import dev.partita.batch.Cluster;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/**
 * Rings every doorbell there is at all other pods, twice each, {@code rounds} times with {@code
 * millis} between, or until it is stopped: bells that came already, and bells for nothing.
 */
@Named
@Dependent
@SuppressWarnings("NullAway.Init")
public class BellBatchlet extends AbstractBatchlet {
  private volatile boolean stopped;
  @Inject private Cluster cluster;

  @Inject
  @BatchProperty(name = "rounds")
  private String rounds;

  @Inject
  @BatchProperty(name = "millis")
  private String millis;

  @Override
  public String process() throws InterruptedException {
    for (int round = 0; round < Integer.parseInt(rounds) && !stopped; round++) {
      for (Cluster.Bell bell : Cluster.Bell.values()) {
        cluster.ring(bell);
        cluster.ring(bell);
      }
      Thread.sleep(Integer.parseInt(millis));
    }
    return "rang";
  }

  @Override
  public void stop() {
    stopped = true;
  }
}
