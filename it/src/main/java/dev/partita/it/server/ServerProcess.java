// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The JVM of one server: may be started, killed and started again any number of times; port and
 * data stay. Not thread-safe, except {@link #killHard}. Whatever still runs when this JVM ends is
 * ended.
 */
public final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(4);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  /** When the JVM that started them ends, a person waits. */
  private static final Duration LAST_STOP_LIMIT = Duration.ofSeconds(10);

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  /** This JVM ends: what it starts now, nobody would end. Guarded by {@link #RUNNING}. */
  private static boolean ending;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ServerProcess::endAll, "end-servers"));
  }

  private final Checkout checkout;
  private final ServerDirectory directory;
  private final Path javaHome;
  private final int port;
  private final Map<String, String> keys = new HashMap<>();
  private final List<String> jvm = new ArrayList<>();
  private volatile @Nullable Process process;
  private ServerLog log;
  private long startedNanos;
  private Duration startTime = Duration.ZERO;

  /** A server on a free port of 127.0.0.1, on the Java this JVM runs on; not started yet. */
  public ServerProcess(Checkout checkout, ServerDirectory directory) {
    this(checkout, directory, Path.of(System.getProperty("java.home")), freePort());
  }

  public ServerProcess(Checkout checkout, ServerDirectory directory, Path javaHome, int port) {
    this.checkout = checkout;
    this.directory = directory;
    this.javaHome = javaHome;
    this.port = port;
    this.log = new ServerLog(directory.console(), 0);
    keys.put("partita.http.port", Integer.toString(port));
  }

  /** Sets a configuration key ({@code partita.*}) for the starts to come. */
  public ServerProcess with(String key, String value) {
    keys.put(key, value);
    return this;
  }

  /** Takes a key back to its default for the starts to come. */
  public ServerProcess without(String key) {
    keys.remove(key);
    return this;
  }

  /** Adds an option of the JVM for the starts to come. */
  public ServerProcess withJvm(String option) {
    jvm.add(option);
    return this;
  }

  /**
   * Starts the JVM and returns when {@code /health/ready} says 200.
   *
   * @throws IllegalStateException with the end of the server's log if it ends or hangs before that
   */
  public ServerProcess start() {
    startWithoutWaiting();
    awaitReady();
    return this;
  }

  /** Starts the JVM and returns at once; {@link #awaitReady} waits. */
  public ServerProcess startWithoutWaiting() {
    if (alive()) {
      throw new IllegalStateException("Already running as pid " + pid());
    }
    directory.configure(keys);
    ProcessBuilder builder =
        new ProcessBuilder(
                checkout.liberty().resolve("bin/server").toString(), "run", ServerDirectory.SERVER)
            .directory(directory.userDir().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.console().toFile()));
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", javaHome.toString());
    environment.put("WLP_USER_DIR", directory.userDir().toString());
    environment.put("WLP_SKIP_BOOTSTRAP_AGENT", "true");
    environment.put("JVM_ARGS", String.join(" ", jvmArguments()));
    log = ServerLog.from(directory.console());
    startedNanos = System.nanoTime();
    try {
      Files.deleteIfExists(directory.faultPaused());
      // The script ends in exec: the process it becomes is the server's JVM, with the same pid.
      process = begin(builder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start the server in " + directory.userDir(), e);
    }
    return this;
  }

  private static Process begin(ProcessBuilder builder) throws IOException {
    synchronized (RUNNING) {
      if (ending) {
        throw new IllegalStateException("No server is started any more: this JVM ends");
      }
      Process started = builder.start();
      RUNNING.add(started);
      return started;
    }
  }

  /** Waits for {@code /health/ready}; see {@link #start}. */
  public void awaitReady() {
    HealthProbe probe = new HealthProbe(port);
    long deadline = startedNanos + START_LIMIT.toNanos();
    for (int looks = 0; !probe.ready(); looks++) {
      if (!alive()) {
        throw new IllegalStateException(
            "The server ended while starting, with status "
                + current().exitValue()
                + ".\n"
                + log.explain());
      }
      if (looks % 20 == 19 && log.saysFailed() && !endsByItself()) {
        killHard();
        throw new IllegalStateException("The application did not start.\n" + log.explain());
      }
      if (System.nanoTime() > deadline) {
        killHard();
        throw new IllegalStateException(
            "The server was not ready after " + START_LIMIT + ".\n" + log.explain());
      }
      pause(50);
    }
    startTime = Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  /** A server that cannot use its configuration ends a moment after it said so. */
  private boolean endsByItself() {
    for (int looks = 0; alive() && looks < 200; looks++) {
      pause(50);
    }
    return !alive();
  }

  public boolean alive() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** What the JVM ended with. */
  public int exitStatus() {
    return current().exitValue();
  }

  /** The server's JVM. */
  public long pid() {
    return current().pid();
  }

  /** From the command to the first ready answer, of the latest start. */
  public Duration startTime() {
    return startTime;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  public ServerDirectory directory() {
    return directory;
  }

  /**
   * A client signed in as one of the users of the credentials file: admin, submitter or monitor.
   */
  public PartitaClient client(String user) {
    return new PartitaClient(uri(), Credentials.read(directory.credentials(), user));
  }

  /** {@code kill -9}; returns when the process is gone. Says which pid that was. */
  public long killHard() {
    Process victim = current();
    victim.destroyForcibly();
    awaitEnd(victim);
    return victim.pid();
  }

  /** Asks the server to end (SIGTERM) and waits; kills it when that takes longer than 30 s. */
  public void stop() {
    Process current = current();
    current.destroy();
    awaitEnd(current);
  }

  /** Stops if running; a no-op otherwise. */
  @Override
  public void close() {
    if (alive()) {
      stop();
    }
  }

  /** Proportional set size now, bytes, of the JVM and the processes it started. */
  public long pssBytes() {
    return ProcessMemory.pssBytes(current().toHandle());
  }

  /** The errors that the latest start logged, or else its last lines. */
  public String explainLog() {
    return log.explain();
  }

  private List<String> jvmArguments() {
    List<String> arguments = new ArrayList<>(jvm);
    arguments.add("-Dorg.bytedeco.javacpp.cachedir=" + checkout.nativeCache());
    return arguments;
  }

  private Process current() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("The server was never started");
    }
    return current;
  }

  /** Asks all to end, as Ctrl-C would, and kills those that take their time. */
  private static void endAll() {
    synchronized (RUNNING) {
      ending = true;
    }
    RUNNING.forEach(Process::destroy);
    RUNNING.forEach(
        process -> {
          try {
            if (!process.waitFor(LAST_STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
              process.destroyForcibly();
            }
          } catch (InterruptedException e) {
            process.destroyForcibly();
          }
        });
  }

  private static void awaitEnd(Process process) {
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for pid " + process.pid(), e);
    }
    RUNNING.remove(process);
  }

  /** Sleeps; an interrupt is an {@link IllegalStateException}. */
  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** A port that was free a moment ago. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("No free port on 127.0.0.1", e);
    }
  }
}
