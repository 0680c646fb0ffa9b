// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A place where work runs, threads of this server or a child JVM. Any thread may use it.
 *
 * <p>Calls begin in the order of their submission. A call is done at most once: what a worker that
 * died had taken on is lost, and nobody knows how far it came.
 */
public sealed interface Worker extends AutoCloseable permits ThreadWorker, ProcessWorker {
  String name();

  /**
   * Returns at once. The future ends with the answer, or with a {@link
   * dev.partita.error.PartitaException}: {@link RemoteFailure} with what the work threw; NOT_FOUND,
   * there is no such work; WORKER_DIED, the worker ended before it answered; UNAVAILABLE, too many
   * calls wait.
   *
   * <p>Cancelling the future refuses the answer at once and interrupts the work; until that really
   * ends, its place stays taken.
   */
  CompletableFuture<Answer> submit(Call call);

  /** Calls that hold a place: those that wait or run, cancelled ones included. */
  int held();

  /** Whether it has ended; true before any of its calls tells so. */
  boolean over();

  /** Ends with how the worker ended, after all its calls. It never ends exceptionally. */
  CompletionStage<WorkerEnd> ended();

  /**
   * Ends it now; its calls are lost. A child is gone when {@link #ended} says so. Threads cannot be
   * ended: they are interrupted, what they still answer is refused, and {@link #held} shows them.
   */
  void kill();

  /** As {@link #kill}, but a child has a moment to leave the arena in order. */
  @Override
  void close();
}
