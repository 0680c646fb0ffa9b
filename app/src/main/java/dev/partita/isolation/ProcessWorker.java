// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.isolation.Frame.Kind;
import dev.partita.isolation.Frame.ProtocolException;
import dev.partita.isolation.WorkerEnd.Cause;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A child JVM, as its parent sees it. One thread writes what it is told, so that a child that reads
 * nothing keeps nobody waiting, and one reads what it says. Its end is the end of its channel, or
 * of its process, whichever is seen first.
 */
final class ProcessWorker implements Worker {
  private static final System.Logger LOG = System.getLogger("dev.partita.isolation");

  /** Looks without a sign of life before a child counts as frozen. */
  static final int PATIENT_LOOKS = 10;

  private static final long POLITE_MILLIS = 500;
  private static final long CHANNEL_AFTER_EXIT_MILLIS = 200;

  private final String name;
  private final Process process;
  private final LastWords lastWords;
  private final PendingCalls pending;
  private final Outbox outbox = new Outbox();
  private final AtomicBoolean ready = new AtomicBoolean();
  private final AtomicInteger silentLooks = new AtomicInteger();
  private final AtomicReference<@Nullable WorkerEnd> intended = new AtomicReference<>();
  private final CompletableFuture<Worker> started = new CompletableFuture<>();
  private final CompletableFuture<WorkerEnd> end = new CompletableFuture<>();

  ProcessWorker(String name, Process process, Wire.Setup setup) {
    this.name = name;
    this.process = process;
    lastWords = new LastWords(name, process.getErrorStream());
    pending = new PendingCalls(name, this::cancel);
    outbox.order(new Frame(Kind.SETUP, 0, Wire.setup(setup)));
    thread("write", this::write);
    thread("read", this::read);
    thread("log", lastWords);
    CompletionStage<Process> exit = process.onExit();
    exit.thenRun(this::exited);
  }

  private void thread(String what, Runnable task) {
    Thread thread = new Thread(null, task, "partita-" + name + "-" + what, 256 << 10);
    thread.setDaemon(true);
    thread.start();
  }

  private void cancel(long number) {
    if (outbox.withdraw(number)) {
      pending.end(number, Outcome.failed("", new CancellationException()));
    } else {
      outbox.order(new Frame(Kind.CANCEL, number, ByteBuffer.allocate(0)));
    }
  }

  @Override
  public String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  /** Ends when it is ready for work, or exceptionally. */
  CompletionStage<Worker> started() {
    return started;
  }

  @Override
  public CompletableFuture<Answer> submit(Call call) {
    // Under one lock, so that calls arrive in the order of their numbers.
    synchronized (outbox) {
      PendingCalls.Pending added = pending.add(call);
      if (added.number >= 0) {
        outbox.call(new Frame(Kind.CALL, added.number, Wire.call(call)));
      }
      return added;
    }
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

  /**
   * One look at its signs of life; called at the beat's own pace, so that our own sleep does not
   * count.
   */
  void look() {
    if (ready.get() && silentLooks.incrementAndGet() > PATIENT_LOOKS) {
      kill(new WorkerEnd(Cause.FROZEN, "it gave no sign of life and was killed"));
    }
  }

  /** For one that takes too long to start. */
  void killUnlessReady(WorkerEnd why) {
    if (!ready.get()) {
      kill(why);
    }
  }

  @Override
  public void kill() {
    kill(new WorkerEnd(Cause.KILLED, "it was killed"));
  }

  @Override
  public void close() {
    intended.compareAndSet(null, new WorkerEnd(Cause.CLOSED, "it was closed"));
    outbox.close();
    try {
      if (!process.waitFor(POLITE_MILLIS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    end(exitOf(process));
  }

  /** SIGKILL; that it has come to pass is seen by the reader. */
  void kill(WorkerEnd why) {
    intended.compareAndSet(null, why);
    process.destroyForcibly();
  }

  private void write() {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(process.getOutputStream()))) {
      for (Frame frame = outbox.take(); frame != null; frame = outbox.take()) {
        while (frame != null) {
          frame.write(out);
          frame = outbox.poll();
        }
        out.flush();
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Worker {0} takes nothing any more: {1}", name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
      for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
        silentLooks.set(0);
        take(frame);
      }
    } catch (ProtocolException e) {
      kill(new WorkerEnd(Cause.PROTOCOL, "it sent " + e.getMessage() + " and was killed"));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Worker {0} says nothing any more: {1}", name, e);
    }
    // What has closed its channel is no worker any more, even if it lives on.
    try {
      if (!process.waitFor(POLITE_MILLIS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      end(exitOf(process));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(Frame frame) throws ProtocolException {
    boolean expected =
        switch (frame.kind()) {
          case READY -> {
            boolean first = !ready.getAndSet(true);
            started.complete(this);
            yield first;
          }
          case BEAT -> true;
          case ANSWER -> end(frame.number(), new Outcome.Done(Wire.answer(frame.body())));
          case FAILURE -> end(frame.number(), Wire.failure(frame.body()));
          default -> false;
        };
    if (!expected) {
      throw new ProtocolException("an unexpected " + frame.kind() + " of call " + frame.number());
    }
  }

  private boolean end(long call, Outcome outcome) {
    outbox.ended(call);
    return pending.end(call, outcome);
  }

  /** Usually the reader has seen the end already. */
  private void exited() {
    CompletableFuture.delayedExecutor(CHANNEL_AFTER_EXIT_MILLIS, TimeUnit.MILLISECONDS)
        .execute(() -> end(exitOf(process)));
  }

  private void end(String exit) {
    lastWords.await();
    WorkerEnd why = intended.get();
    Cause cause = why != null ? why.cause() : ready.get() ? causeOf(process) : Cause.NOT_STARTED;
    String detail =
        (why == null ? "" : why.detail() + "; ") + "process " + process.pid() + exit + lastWords;
    WorkerEnd how = new WorkerEnd(cause, detail);
    if (pending.lose(how, true)) {
      outbox.close();
      LOG.log(
          cause == Cause.CLOSED ? Level.DEBUG : Level.WARNING,
          "Worker {0} ended ({1}): {2}",
          name,
          cause,
          detail);
      started.completeExceptionally(new IllegalStateException(detail));
      end.complete(how);
    }
  }

  private static Cause causeOf(Process ended) {
    return !ended.isAlive() && ended.exitValue() == ChildMain.OUT_OF_MEMORY_STATUS
        ? Cause.OUT_OF_MEMORY
        : Cause.DIED;
  }

  /** As waitpid tells it: above 128 it is a signal. */
  private static String exitOf(Process process) {
    if (process.isAlive()) {
      return " closed its channel";
    }
    int value = process.exitValue();
    return switch (value) {
      case ChildMain.OUT_OF_MEMORY_STATUS -> " ran out of memory";
      case 134 -> " ended by signal 6 (SIGABRT: abort(), or a crash of native code)";
      case 137 -> " ended by signal 9 (SIGKILL: kill -9, or the system was out of memory)";
      case 139 -> " ended by signal 11 (SIGSEGV)";
      default -> value > 128 ? " ended by signal " + (value - 128) : " exited with " + value;
    };
  }
}
