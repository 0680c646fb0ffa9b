// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.io.IOException;
import java.io.Serializable;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Brings results of partitions from their rows to the steps of this pod that wait for them. */
final class ResultWatch {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final WorkRepository work;
  private final Set<PostingPartitionHandler> waiting = ConcurrentHashMap.newKeySet();

  ResultWatch(WorkRepository work) {
    this.work = work;
  }

  void watch(PostingPartitionHandler handler) {
    waiting.add(handler);
  }

  void forget(PostingPartitionHandler handler) {
    waiting.remove(handler);
  }

  /** Looks once, for every step that waits; one whose look fails is looked at again next time. */
  void look() {
    for (PostingPartitionHandler step : waiting) {
      try {
        look(step);
      } catch (RuntimeException | IOException | ClassNotFoundException e) {
        LOG.log(Level.WARNING, "Results wait: {0}", e.getMessage());
      }
    }
  }

  private void look(PostingPartitionHandler step) throws IOException, ClassNotFoundException {
    Set<PartitionKey> open = step.waitsFor();
    if (open.isEmpty()) {
      return;
    }
    Set<Long> sources =
        open.stream().map(PartitionKey::stepExecutionId).collect(Collectors.toSet());
    // In this order: what the collector of an ended partition said was stored before its end.
    Map<PartitionKey, String> ended = work.results(sources, step.stepExecutionId());
    if (step.analyzes()) {
      ClassLoader loader =
          Objects.requireNonNull(Thread.currentThread().getContextClassLoader(), "class loader");
      for (byte[] data : work.takeData(sources)) {
        step.collected(PostingPlace.VALUES.bytesToObject(data, Serializable.class, loader));
      }
    }
    ended.keySet().retainAll(open);
    if (!ended.isEmpty()) {
      // Before they are told: what a step has ended with, no restart of it may adopt.
      work.taken(ended.keySet(), step.stepExecutionId());
      ended.forEach(step::finish);
    }
  }
}
