// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package org.example.line;

import dev.partita.task.ActorOptions;
import dev.partita.task.ActorRef;
import dev.partita.task.Cluster;
import dev.partita.task.Delivery;
import dev.partita.task.ObjectRef;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Locale;

/** Tasks on all pods measure points, an actor adds up what they found. */
@Named
@Dependent
public class MeasurePoints extends AbstractBatchlet {
  private static final int PARTS = 8;

  @Inject private Cluster cluster;

  @Override
  public String process() {
    ActorOptions exactly = ActorOptions.DEFAULT.withDelivery(Delivery.EXACTLY_ONCE);
    try (ActorRef<Mean> mean = cluster.actor(Mean.class, exactly)) {
      ObjectRef<Double> sofar = null;
      for (long seed = 0; seed < PARTS; seed++) {
        sofar = mean.call(Mean::add, cluster.submit(Points::mean, seed, 10_000));
      }
      return String.format(Locale.ROOT, "parts=%d mean=%.2f", PARTS, sofar.get());
    }
  }
}
