// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** Tells a partition of a gang with whom it was started. */
@ApplicationScoped
public class GangAttempts {
  private final JobEngine engine;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected GangAttempts() {
    this(null);
  }

  @Inject
  public GangAttempts(JobEngine engine) {
    this.engine = engine;
  }

  /**
   * One start of a gang.
   *
   * @param id the same for all its members, and another one for the next start
   * @param members by partition number; fewer than the step has partitions if the gang may do with
   *     fewer
   * @param partition the member that asks
   */
  public record Attempt(String id, List<GangMember> members, int partition) {
    /** Of the asking member, among the members. */
    public int rank() {
      for (int rank = 0; rank < members.size(); rank++) {
        if (members.get(rank).partition() == partition) {
          return rank;
        }
      }
      return -1;
    }
  }

  /**
   * Whether partitions of that step are still to run, or run, on whatever pod: then a step that
   * goes on for a pod that is gone adopts them as they are. False for a restart that somebody asked
   * for.
   */
  public boolean goesOn(long instanceId, String stepName) {
    return engine.parts().cluster().shared()
        && new WorkRepository(engine.parts().database()).open(instanceId, stepName);
  }

  /**
   * Of the partition that this thread works on, read now; empty if this pod alone has all
   * partitions of the step.
   */
  public Optional<Attempt> ofThisThread() {
    PartitionClaim claim = PartitionClaim.ofThisThread();
    if (claim == null) {
      return Optional.empty();
    }
    List<GangMember> members =
        new WorkRepository(engine.parts().database())
            .gang(claim.stepExecutionId(), claim.attempt());
    return members.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Attempt(
                claim.stepExecutionId() + "/" + claim.attempt(), members, claim.partition()));
  }
}
