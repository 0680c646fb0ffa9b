// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.runtime.BatchStatus;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Claims posted partitions for the free places of this pod. A pod takes its share of a step at
 * once, and more only of what has waited for a second: then nobody else has a place.
 */
final class WorkPuller {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  /** For so long, a partition waits for pods that have less than their share. */
  private static final long PATIENCE_MILLIS = 1_000;

  private final PostingPlace place;
  private final PartitionPlacement pod;
  private final PartitionContexts contexts;
  private final int quarantineAfter;
  private final Set<PulledPartition> running = ConcurrentHashMap.newKeySet();

  /**
   * @param quarantineAfter pods that may die under a partition with nothing committed in between
   */
  WorkPuller(
      PostingPlace place, PartitionPlacement pod, PartitionContexts contexts, int quarantineAfter) {
    this.place = place;
    this.pod = pod;
    this.contexts = contexts;
    this.quarantineAfter = quarantineAfter;
  }

  int count() {
    return running.size();
  }

  /** Claims and starts what may be claimed now. */
  void pull() {
    if (!place.cluster().accepting() || pod.slots().inUse() == pod.slots().total()) {
      return;
    }
    List<WorkRepository.Candidate> candidates =
        place.work().claimable(place.cluster().application(), PATIENCE_MILLIS);
    if (candidates.isEmpty()) {
      return;
    }
    Map<Long, WorkRepository.Share> shares = place.work().shares(place.cluster().holder());
    Map<Long, Integer> mine = new HashMap<>();
    shares.forEach((step, share) -> mine.put(step, share.mine()));
    int pods = place.cluster().pods();
    for (WorkRepository.Candidate candidate : inRandomOrderOfEachStep(candidates)) {
      long step = candidate.key().stepExecutionId();
      WorkRepository.Share share = shares.get(step);
      int held = mine.getOrDefault(step, 0);
      if (share != null && !candidate.old() && held * (long) pods >= share.open()) {
        continue;
      }
      if (suspect(candidate) && running.stream().anyMatch(PulledPartition::suspect)) {
        continue;
      }
      if (!pod.slots().tryTake()) {
        return;
      }
      if (start(candidate)) {
        mine.merge(step, 1, Integer::sum);
      }
    }
  }

  /** So that pods that look at the same time do not all reach for the same row. */
  private static List<WorkRepository.Candidate> inRandomOrderOfEachStep(
      List<WorkRepository.Candidate> candidates) {
    List<WorkRepository.Candidate> ordered = new ArrayList<>(candidates);
    int from = 0;
    for (int to = 1; to <= ordered.size(); to++) {
      if (to == ordered.size()
          || ordered.get(to).key().stepExecutionId() != ordered.get(from).key().stepExecutionId()) {
        Collections.shuffle(ordered.subList(from, to));
        from = to;
      }
    }
    return ordered;
  }

  private boolean start(WorkRepository.Candidate candidate) {
    Optional<PartitionClaim> claim = Optional.empty();
    try {
      claim = place.database().within(() -> claim(candidate));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "{0} is not claimed: {1}", candidate.key(), e.getMessage());
    }
    if (claim.isEmpty()) {
      pod.slots().release();
      return false;
    }
    PulledPartition partition =
        new PulledPartition(place, contexts, claim.get(), suspect(candidate));
    running.add(partition);
    try {
      pod.threads().execute(() -> runAndRelease(partition));
    } catch (RuntimeException e) {
      // The pod ends; once it is gone, another claims the partition.
      LOG.log(Level.WARNING, "{0} does not start: {1}", partition.claim(), e.getMessage());
      running.remove(partition);
      pod.slots().release();
    }
    return true;
  }

  /**
   * One more death, and it is quarantined. A pod runs no two of these at a time: the one that kills
   * pods shall not take with it those that were only beside it.
   */
  private boolean suspect(WorkRepository.Candidate candidate) {
    return quarantineAfter > 1 && candidate.deaths() == quarantineAfter - 1;
  }

  private Optional<PartitionClaim> claim(WorkRepository.Candidate candidate) {
    Optional<PartitionClaim> claim =
        pod.leases().claimAfter(candidate.key(), candidate.attempt(), place.cluster().holder());
    if (claim.isPresent() && candidate.deaths() >= quarantineAfter) {
      place
          .work()
          .endUnrun(
              candidate.key(),
              BatchStatus.FAILED,
              "quarantined: partition "
                  + candidate.key().partition()
                  + " lost its pod "
                  + candidate.deaths()
                  + " times with nothing committed in between");
      return Optional.empty();
    }
    if (claim.isPresent()) {
      place.work().running(candidate);
    }
    return claim;
  }

  private void runAndRelease(PulledPartition partition) {
    try {
      partition.run(pod.events());
    } finally {
      running.remove(partition);
      pod.slots().release();
      place.bells().accept(Cluster.Bell.WORK);
    }
  }

  /** Looks which partitions were taken over, and which somebody wants to stop. */
  void check() {
    List<PulledPartition> known = List.copyOf(running);
    if (known.isEmpty()) {
      return;
    }
    Map<PartitionClaim, Boolean> held = place.work().held(place.cluster().holder());
    for (PulledPartition partition : known) {
      Boolean stop = held.get(partition.claim());
      if (stop == null) {
        partition.stop(true);
      } else if (stop) {
        partition.stop(false);
      }
    }
  }

  /** Lets all partitions end at their next boundary, for other pods to go on. */
  void handBack() {
    running.forEach(partition -> partition.stop(true));
  }
}
