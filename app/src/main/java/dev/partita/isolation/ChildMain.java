// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.isolation.Frame.Kind;
import dev.partita.isolation.Frame.ProtocolException;
import dev.partita.objectstore.ObjectStore;
import dev.partita.tensor.NativeProcess;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ServiceConfigurationError;
import java.util.concurrent.locks.LockSupport;

/**
 * The child JVM. It ends with its parent: by the kernel's hand when that dies, and by itself when
 * its channel ends. What it prints is the server's log; standard input and output are the channel,
 * moved away before anything else runs.
 */
final class ChildMain {
  /** As {@code -XX:+ExitOnOutOfMemoryError} has it. */
  static final int OUT_OF_MEMORY_STATUS = 3;

  private static final int PROTOCOL_STATUS = 4;

  private static final System.Logger LOG = System.getLogger("dev.partita.isolation");

  private final DataOutputStream out;

  private ChildMain(DataOutputStream out) {
    this.out = out;
  }

  /**
   * Serves until the channel ends.
   *
   * @param arguments the parent's process number
   */
  public static void main(String[] arguments) {
    int status = PROTOCOL_STATUS;
    try {
      NativeProcess.Channel channel = NativeProcess.takeChannel();
      NativeProcess.dieWithParent(Long.parseLong(arguments[0]));
      try (DataInputStream in = input(channel);
          DataOutputStream out = output(channel)) {
        new ChildMain(out).serve(in);
        status = 0;
      }
    } catch (IOException | RuntimeException | LinkageError | ServiceConfigurationError e) {
      LOG.log(Level.ERROR, "The worker ends", e);
    } finally {
      // Whatever still runs here, nobody waits for it; and it may hold what a shutdown waits for.
      halt(status);
    }
  }

  private void serve(DataInputStream in) throws IOException {
    Frame first = Frame.read(in);
    if (first == null) {
      return;
    }
    if (first.kind() != Kind.SETUP) {
      throw new ProtocolException("a child does not expect " + first.kind() + " first");
    }
    Wire.Setup setup = Wire.setup(first.body());
    NativeProcess.limitPrivateBytes(setup.privateBytes());
    Works works = Works.load(ChildMain.class.getClassLoader());
    try (ObjectStore store =
        ObjectStore.open(
            setup.storeFolder(), setup.arenaBytes(), setup.spillFolder(), setup.openTimeout())) {
      CallRunner runner =
          new CallRunner(
              new WorkerSetup(setup.worker(), works, store, setup.concurrency()),
              this::answer,
              error -> halt(OUT_OF_MEMORY_STATUS));
      send(Frame.of(Kind.READY));
      beatForever(setup.beat());
      for (Frame frame = Frame.read(in); frame != null; frame = Frame.read(in)) {
        switch (frame.kind()) {
          case CALL -> runner.start(frame.number(), Wire.call(frame.body()));
          case CANCEL -> runner.cancel(frame.number());
          default -> throw new ProtocolException("a child does not expect " + frame.kind());
        }
      }
    }
  }

  private void answer(long number, Outcome outcome) {
    if (outcome instanceof Outcome.Done done) {
      send(new Frame(Kind.ANSWER, number, Wire.answer(done.answer())));
    } else if (outcome instanceof Outcome.Failed failed) {
      send(new Frame(Kind.FAILURE, number, Wire.failure(failed)));
    }
  }

  private synchronized void send(Frame frame) {
    try {
      frame.write(out);
      out.flush();
    } catch (IOException e) {
      halt(PROTOCOL_STATUS); // the parent is gone
    }
  }

  private void beatForever(Duration beat) {
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                LockSupport.parkNanos(beat.toNanos());
                send(Frame.of(Kind.BEAT));
              }
            },
            "partita-beat");
    thread.setDaemon(true);
    thread.start();
  }

  private static void halt(int status) {
    Runtime.getRuntime().halt(status);
  }

  private static DataInputStream input(NativeProcess.Channel channel) throws IOException {
    return new DataInputStream(new BufferedInputStream(new FileInputStream(channel.input())));
  }

  private static DataOutputStream output(NativeProcess.Channel channel) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(new FileOutputStream(channel.output())));
  }
}
