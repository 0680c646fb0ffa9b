// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

/**
 * What became of the attempts to run one bundle; kept with its row, so that a new leader knows it.
 *
 * @param attempt the last attempt that was given out, the fencing token; 0: none yet
 * @param failures attempts that failed by themselves
 * @param preemptions attempts that were moved
 * @param nodesLost nodes that died under it in a row, with nothing committed in between
 */
public record AttemptHistory(long attempt, int failures, int preemptions, int nodesLost) {
  public static final AttemptHistory NONE = new AttemptHistory(0, 0, 0, 0);

  public AttemptHistory withAttempt(long next) {
    return new AttemptHistory(next, failures, preemptions, nodesLost);
  }

  /**
   * The history once that attempt has ended.
   *
   * @param committed whether this attempt committed anything: then the nodes lost before it were no
   *     fault of the work
   */
  public AttemptHistory after(AttemptEnd end, boolean committed) {
    int lost = committed ? 0 : nodesLost;
    return new AttemptHistory(
        attempt,
        failures + (end == AttemptEnd.FAILED ? 1 : 0),
        preemptions + (end == AttemptEnd.PREEMPTED ? 1 : 0),
        lost + (end == AttemptEnd.NODE_LOST ? 1 : 0));
  }
}
