// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.AttemptEnd;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts what the leader gave to this pod, and ends what it has no more or is asked to end. One
 * thread looks; each partition has its own.
 */
final class WorkPuller {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final PostingPlace place;
  private final PartitionPlacement pod;
  private final PartitionContexts contexts;
  private final Set<PulledPartition> running = ConcurrentHashMap.newKeySet();

  /** Attempts that were started here, until the rows say that they are over. */
  private final Set<PartitionClaim> started = new HashSet<>();

  WorkPuller(PostingPlace place, PartitionPlacement pod, PartitionContexts contexts) {
    this.place = place;
    this.pod = pod;
    this.contexts = contexts;
  }

  int count() {
    return running.size();
  }

  /** Brings what runs here in line with the rows. */
  void look() {
    List<PulledPartition> known = List.copyOf(running);
    Map<PartitionClaim, WorkRepository.Wish> held = place.work().held(place.cluster().holder());
    for (PulledPartition partition : known) {
      WorkRepository.Wish wish = held.get(partition.claim());
      if (wish == null) {
        partition.stop(AttemptEnd.PREEMPTED);
      } else if (wish == WorkRepository.Wish.LEAVE) {
        partition.stop(AttemptEnd.GANG_ABORTED);
      } else if (wish == WorkRepository.Wish.STOP) {
        partition.stop(AttemptEnd.COMPLETED);
      }
    }
    started.retainAll(held.keySet());
    List<PartitionClaim> given =
        held.keySet().stream().filter(claim -> !started.contains(claim) && !heldUp(claim)).toList();
    if (place.cluster().node().draining()) {
      given.forEach(this::giveBack);
    } else if (place.cluster().accepting()) {
      started.addAll(given);
      given.forEach(this::start);
    }
  }

  /** An earlier attempt of the same partition, or of its gang, has not left this pod yet. */
  private boolean heldUp(PartitionClaim claim) {
    return running.stream().anyMatch(partition -> partition.holdsUp(claim));
  }

  private void start(PartitionClaim claim) {
    PulledPartition partition = new PulledPartition(place, contexts, claim);
    running.add(partition);
    try {
      pod.threads().execute(() -> runAndRemove(partition));
    } catch (RuntimeException e) {
      // The pod ends; once it is gone, another gets the partition.
      LOG.log(Level.WARNING, "{0} does not start: {1}", claim, e.getMessage());
      running.remove(partition);
    }
  }

  /** It was given while this pod began to drain. */
  private void giveBack(PartitionClaim claim) {
    place
        .database()
        .within(
            () -> {
              pod.leases().lock(claim);
              place
                  .work()
                  .waiting(
                      new PartitionKey(claim.stepExecutionId(), claim.partition()),
                      AttemptEnd.NOT_STARTED);
              return true;
            });
    place.changed(Cluster.Bell.WORK);
  }

  private void runAndRemove(PulledPartition partition) {
    try {
      partition.run(pod.events());
    } finally {
      running.remove(partition);
      place.bells().accept(Cluster.Bell.WORK);
    }
  }

  /** Lets all partitions end at their next boundary, for other pods to go on. */
  void handBack() {
    running.forEach(partition -> partition.stop(AttemptEnd.PREEMPTED));
  }
}
