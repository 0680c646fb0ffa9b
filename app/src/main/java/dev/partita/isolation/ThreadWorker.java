// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.isolation.WorkerEnd.Cause;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Threads of this server: fast, and of one fate with it. */
final class ThreadWorker implements Worker {
  private final String name;
  private final PendingCalls pending;
  private final CallRunner runner;
  private final CompletableFuture<WorkerEnd> end = new CompletableFuture<>();

  ThreadWorker(WorkerSetup setup) {
    name = setup.name();
    // What that means for all of the server is the server's to decide.
    runner = new CallRunner(setup, this::answer, error -> {});
    pending = new PendingCalls(name, runner::cancel);
  }

  private void answer(long number, Outcome outcome) {
    pending.end(number, outcome);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public CompletableFuture<Answer> submit(Call call) {
    PendingCalls.Pending added = pending.add(call);
    if (added.number >= 0) {
      runner.start(added.number, call);
    }
    return added;
  }

  @Override
  public int held() {
    return pending.held();
  }

  @Override
  public boolean over() {
    return pending.over();
  }

  @Override
  public CompletionStage<WorkerEnd> ended() {
    return end.minimalCompletionStage();
  }

  @Override
  public void kill() {
    end(new WorkerEnd(Cause.KILLED, "it was killed"));
  }

  @Override
  public void close() {
    end(new WorkerEnd(Cause.CLOSED, "it was closed"));
  }

  private void end(WorkerEnd how) {
    if (pending.lose(how, false)) {
      runner.stop();
      end.complete(how);
    }
  }
}
