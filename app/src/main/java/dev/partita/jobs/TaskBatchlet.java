// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import dev.partita.task.TaskRunner;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task as a step, or as each partition of one, where the step's {@code partita.*} properties
 * put it: {@code task} is its name, {@code arguments} a JSON array. The exit status is its result
 * in JSON, cut to what an exit status may have. So run, a task survives its pod.
 */
@Named("task")
@Dependent
public class TaskBatchlet extends AbstractBatchlet {
  private static final int MAX_EXIT_STATUS = 4_000;

  private final TaskRunner tasks;
  private final String task;
  private final String arguments;
  private volatile @Nullable Thread thread;

  @Inject
  public TaskBatchlet(
      TaskRunner tasks,
      @BatchProperty(name = "task") String task,
      @BatchProperty(name = "arguments") @Nullable String arguments) {
    this.tasks = tasks;
    this.task = task;
    this.arguments = arguments == null ? "[]" : arguments;
  }

  @Override
  public String process() throws Exception {
    thread = Thread.currentThread();
    try {
      String result = tasks.runHere(task, arguments);
      return result.length() <= MAX_EXIT_STATUS ? result : result.substring(0, MAX_EXIT_STATUS);
    } finally {
      thread = null;
    }
  }

  @Override
  public void stop() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }
}
