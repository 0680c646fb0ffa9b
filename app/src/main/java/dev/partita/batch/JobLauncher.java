// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/**
 * Starts and ends jobs. Unknown ids are {@code PartitaException} NOT_FOUND, a state that forbids
 * the call is CONFLICT, a refused job definition is INVALID_JOB. None of the methods waits for a
 * job.
 */
@ApplicationScoped
public class JobLauncher {

  /** Accepts a job: when this returns, its rows are committed. */
  public Submission submit(JobSubmission submission) {
    throw new UnsupportedOperationException();
  }

  /** Asks a running execution to stop; it does so within about two seconds. */
  public void stop(long executionId) {
    throw new UnsupportedOperationException();
  }

  /**
   * Starts a new execution of the same instance, which goes on where {@code executionId} ended.
   *
   * @param parameters override or add to the former parameters
   */
  public Submission restart(long executionId, Map<String, String> parameters) {
    throw new UnsupportedOperationException();
  }

  /** Gives an ended execution up: it can never be restarted. */
  public void abandon(long executionId) {
    throw new UnsupportedOperationException();
  }

  /** Forgets an ended instance: its rows, events and logs. */
  public void purge(long instanceId) {
    throw new UnsupportedOperationException();
  }

  /** The names of the packaged jobs, without {@code .xml}, sorted. */
  public List<String> jobDefinitions() {
    throw new UnsupportedOperationException();
  }
}
