// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.net.URI;

/**
 * Where the checkpoints of one run are.
 *
 * @param runId names the run over all executions of its job: {@code <instanceId>-<step>}
 * @param storage folder of blobs, ends in a slash
 * @param numToKeep newest checkpoints that are kept, at least 1
 * @param writer who writes them, as {@link CheckpointStore#open} named it; empty: nobody opened it,
 *     and nobody is kept from writing
 */
public record CheckpointRun(String runId, URI storage, int numToKeep, String writer) {
  public CheckpointRun(String runId, URI storage, int numToKeep) {
    this(runId, storage, numToKeep, "");
  }

  public CheckpointRun {
    if (!runId.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,150}")) {
      throw new IllegalArgumentException("run id " + runId);
    }
    if (numToKeep < 1) {
      throw new IllegalArgumentException("numToKeep=" + numToKeep + ": at least 1 is needed");
    }
  }

  CheckpointRun writtenBy(String name) {
    return new CheckpointRun(runId, storage, numToKeep, name);
  }

  /** The run of a step of a job instance. */
  public static String idOf(long instanceId, String step) {
    return instanceId + "-" + step.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /** The job instance it belongs to; 0 if the id names none. */
  long instanceId() {
    int dash = runId.indexOf('-');
    try {
      return dash < 1 ? 0 : Long.parseLong(runId.substring(0, dash));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  URI folder() {
    return storage.resolve("checkpoints/" + runId + "/");
  }
}
