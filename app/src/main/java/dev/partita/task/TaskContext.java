// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a task or a method of an actor may know of its own run. */
public final class TaskContext {
  private static final ThreadLocal<@Nullable TaskContext> CURRENT = new ThreadLocal<>();

  private final Job job;
  private final Runner runner;
  private final String node;

  TaskContext(Job job, Runner runner, String node) {
    this.job = job;
    this.runner = runner;
    this.node = node;
  }

  /** Of this thread; empty outside of tasks and actors. */
  public static Optional<TaskContext> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /** Whether nobody waits for the result any more. Its thread was interrupted, too. */
  public boolean cancelled() {
    return job.cancelled;
  }

  /** Name of the pod that runs it. */
  public String node() {
    return node;
  }

  /** GPUs of the pod that it was given, by number; of parts of one, that one. */
  public int[] gpus() {
    return job.gpus.stream().mapToInt(share -> share.device()).toArray();
  }

  static void enter(TaskContext context) {
    CURRENT.set(context);
  }

  static void leave() {
    CURRENT.remove();
  }

  /** The thread is about to wait for others. */
  static void waiting() {
    TaskContext context = CURRENT.get();
    if (context != null) {
      context.runner.lend(context.job);
    }
  }

  /** It waits no more. */
  static void goesOn() {
    TaskContext context = CURRENT.get();
    if (context != null) {
      context.runner.takeAgain(context.job);
    }
  }
}
