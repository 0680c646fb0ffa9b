// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls of a pod by number: those that have not ended, and the last that have. Not thread-safe.
 */
final class CallRecords {
  private static final int ENDED_KEPT = 1_000;

  private final Map<Long, Submission> open = new LinkedHashMap<>();
  private final Deque<Submission> ended = new ArrayDeque<>();
  private final EnumMap<Submission.State, Long> endedStates = new EnumMap<>(Submission.State.class);
  private long numbers;

  /** Gives it a new number, so that answers to a former one count no more. */
  void number(Submission submission) {
    open.remove(submission.number);
    submission.number = ++numbers;
    open.put(submission.number, submission);
  }

  void ended(Submission submission) {
    open.remove(submission.number);
    if (submission.request.kind() != Call.Kind.ACTOR_START) {
      endedStates.merge(submission.state, 1L, Long::sum);
    }
    ended.addLast(submission);
    if (ended.size() > ENDED_KEPT) {
      ended.removeFirst();
    }
  }

  /** One that never came to anything. */
  void forget(Submission submission) {
    open.remove(submission.number);
  }

  List<Submission> all() {
    List<Submission> all = new ArrayList<>(open.values());
    all.addAll(ended);
    return all;
  }

  /** How many that have not ended are in each state. */
  Map<Submission.State, Long> openStates() {
    Map<Submission.State, Long> states = new EnumMap<>(Submission.State.class);
    for (Submission submission : open.values()) {
      if (submission.request.kind() != Call.Kind.ACTOR_START) {
        states.merge(submission.state, 1L, Long::sum);
      }
    }
    return states;
  }

  /** How many ever ended in each state. */
  Map<Submission.State, Long> endedStates() {
    return new EnumMap<>(endedStates);
  }
}
