// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.cluster.PodSession;
import dev.partita.scheduling.NodeState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod that work may be sent to, this one among them. State belongs to {@link Submissions}, under
 * its lock, but for what is final.
 */
final class Peer {
  /**
   * Work of this long is kept under way to a pod beside what runs there, so that it never idles.
   */
  private static final long QUEUE_NANOS = 4_000_000;

  private static final int MOST_UNDER_WAY = 2_000;

  /** Names its life; this pod's own may change. */
  volatile String holder;

  volatile NodeState node;

  /** Null for this pod. */
  final @Nullable PodSession session;

  /** Sent and not answered, in the order they were sent. */
  final Map<Long, Submission> underWay = new LinkedHashMap<>();

  private final long slots;
  private long tasks;
  private double meanRunNanos = 1e6;
  boolean over;

  Peer(String holder, NodeState node, @Nullable PodSession session) {
    this.holder = holder;
    this.node = node;
    this.session = session;
    this.slots = Math.max(1, node.total().cpuMilli() / 1000);
  }

  boolean self() {
    return session == null;
  }

  /** Whether more tasks should be sent there now. */
  boolean hasRoom() {
    double ahead = Math.min(MOST_UNDER_WAY, 1 + QUEUE_NANOS / meanRunNanos);
    return !over && tasks < slots * ahead;
  }

  /** Tasks under way for each processor. */
  double load() {
    return (double) tasks / slots;
  }

  void sent(Submission submission) {
    underWay.put(submission.number, submission);
    if (submission.request.kind() == Call.Kind.TASK) {
      tasks++;
    }
  }

  /** The one that this answers; null if it is known no more. */
  @Nullable Submission answered(long number) {
    Submission submission = underWay.remove(number);
    if (submission != null && submission.request.kind() == Call.Kind.TASK) {
      tasks--;
    }
    return submission;
  }

  /** A task of this length ended there: the mean follows slowly. */
  void ran(long nanos) {
    meanRunNanos += (Math.max(1_000, nanos) - meanRunNanos) / 16;
  }
}
