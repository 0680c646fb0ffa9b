// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.scheduling.GpuShare;
import dev.partita.scheduling.Resources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that this pod is to run, from the moment it heard of it. State belongs to {@link
 * Runner}.
 */
final class Job {
  /**
   * What there is to do; called once, on a thread of the pod, or, if the job was cancelled before
   * it began, on any. Throws nothing.
   */
  interface Body {
    void run(Job job);
  }

  /** Where it is; only forward, and {@link #FENCED} only from RUNNING. */
  enum State {
    WAITING,
    RUNNING,
    /** Cancelled, but its thread has not noticed: its result is refused, its share still taken. */
    FENCED,
    ENDED
  }

  final String label;
  final String owner;
  final Resources demand;
  final int priority;
  final @Nullable GroupId group;
  final int bundle;
  final Body body;
  final long createdNanos = System.nanoTime();

  State state = State.WAITING;
  long startedNanos;
  List<GpuShare> gpus = List.of();
  @Nullable Thread thread;

  /** Waits for something and has given its share back meanwhile. */
  boolean lent;

  volatile boolean cancelled;

  /**
   * Not submitted yet.
   *
   * @param label for people
   * @param owner the life of the pod that wants it
   */
  Job(String label, String owner, Call.Demand demand, Body body) {
    this.label = label;
    this.owner = owner;
    this.demand = Resources.parse(demand.resources());
    this.priority = demand.priority();
    this.group = demand.group();
    this.bundle = demand.bundle();
    this.body = body;
  }
}
