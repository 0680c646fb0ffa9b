// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs tasks by name, with arguments in JSON: for doors. */
@ApplicationScoped
public class TaskRunner {
  private Cluster cluster;

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected TaskRunner() {}

  @Inject
  public TaskRunner(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Runs a task on this pod and this thread, and waits for it.
   *
   * @param argumentsJson a JSON array
   * @return its result in JSON
   * @throws dev.partita.error.PartitaException NOT_FOUND, there is no such task; INVALID_ARGUMENT
   * @throws Exception what the task throws
   */
  public String runHere(String task, String argumentsJson) throws Exception {
    TaskNode node = cluster.node();
    RemoteMethod method = node.registry().task(task);
    List<@Nullable Object> arguments = node.codec().fromJson(argumentsJson, method.arguments());
    method.checkCount(arguments.size());
    try (Beans.Lent lent = node.executions().beans().lend(method.bean())) {
      return node.codec().toJson(method.invoke(lent.bean(), new ArrayList<>(arguments).toArray()));
    } catch (Exception | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
