// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gangs whose pods are processes. */
@Timeout(180)
class GangProcessesTest {
  private static final Duration ABORT_LIMIT = Duration.ofSeconds(5);

  @TempDir private Path folder;
  private final List<Process> pods = new ArrayList<>();
  private final List<BufferedReader> lines = new ArrayList<>();

  @AfterEach
  void end() {
    pods.forEach(Process::destroyForcibly);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,1", "0,1,1,0", "0,1,2"})
  void aGangOnSeveralPodsEndsWithTheBitsOfOnePod(String podOfRank) throws Exception {
    String straight = alone(3);
    start(podOfRank, 3, -1, "exact");
    for (BufferedReader pod : lines) {
      assertThat(end(pod)).isEqualTo("trained " + straight);
    }
  }

  /** 108 iterations; three pods, so that Gloo's order is not that of the tree. */
  @Test
  void overGlooTheWeightsAgreeWithThoseOfOnePod() throws Exception {
    alone(12);
    start("0,1,2", 12, -1, "gloo");
    for (BufferedReader pod : lines) {
      assertThat(end(pod)).startsWith("trained ");
    }
    FloatBuffer expected = weights("alone");
    FloatBuffer first = weights("pod0");
    assertThat(weights("pod1")).as("pods among themselves").isEqualTo(first);
    assertThat(weights("pod2")).isEqualTo(first);
    assertThat(expected.remaining()).isEqualTo(first.remaining()).isPositive();
    float furthest = 0;
    for (int i = 0; i < expected.remaining(); i++) {
      furthest = Math.max(furthest, Math.abs(expected.get(i) - first.get(i)));
    }
    System.out.printf("over Gloo: the weights differ by %g at most%n", furthest);
    assertThat(furthest).isLessThanOrEqualTo(1e-4f);
  }

  @Test
  void whenAPodIsKilledDuringAnExchangeOverGlooTheOthersFailToo() throws Exception {
    start("0,1", 1_000, -1, "gloo");
    awaitLine(lines.get(0), "iteration 20");
    long killed = System.nanoTime();
    pods.get(1).destroyForcibly();
    assertThat(end(lines.get(0))).startsWith("failed GANG_ABORTED");
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(ABORT_LIMIT);
  }

  @Test
  void whenAPodIsKilledTheOthersRanksFailWithinSeconds() throws Exception {
    start("0,1,2", 1_000, -1, "exact");
    awaitLine(lines.get(0), "iteration 20");
    long killed = System.nanoTime();
    pods.get(1).destroyForcibly();
    for (int survivor : new int[] {0, 2}) {
      assertThat(end(lines.get(survivor)))
          .matches("failed GANG_ABORTED .*pod 1 of the gang, 127.0.0.1:\\d+, is gone.*");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(ABORT_LIMIT);
  }

  @Test
  void aRankThatFailsFailsTheRanksOfAllPodsWithItsReason() throws Exception {
    start("0,1", 3, 7, "exact");
    assertThat(end(lines.get(0))).startsWith("failed GANG_ABORTED").contains("out of luck");
    assertThat(end(lines.get(1))).startsWith("failed INTERNAL").contains("out of luck");
  }

  /** The checksum after a training on one pod, in this process. */
  private String alone(int epochs) throws Exception {
    CompletableFuture<String> checksum = new CompletableFuture<>();
    Path here = Files.createDirectories(folder.resolve("alone"));
    new GangRunner(here, GangProcess.parameters(epochs, "exact"))
        .run("alone", 2, new GangProcess.Checked(checksum, here, -1));
    return checksum.join();
  }

  private FloatBuffer weights(String pod) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(folder.resolve(pod).resolve(GangProcess.WEIGHTS)))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /**
   * @param failIn iteration in which the last pod's ranks fail
   */
  private void start(String podOfRank, int epochs, long failIn, String denseReduce)
      throws IOException {
    int count = 1 + podOfRank.chars().map(c -> c - '0').max().orElseThrow();
    for (int pod = 0; pod < count; pod++) {
      pods.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:TieredStopAtLevel=1",
                  "-Dorg.bytedeco.javacpp.cachedir="
                      + System.getProperty("org.bytedeco.javacpp.cachedir", ""),
                  "-cp",
                  System.getProperty("java.class.path"),
                  GangProcess.class.getName(),
                  Files.createDirectories(folder.resolve("pod" + pod)).toString(),
                  Integer.toString(epochs),
                  Long.toString(pod == count - 1 ? failIn : -1),
                  podOfRank,
                  Integer.toString(pod),
                  denseReduce)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    }
    List<String> addresses = new ArrayList<>();
    for (Process pod : pods) {
      BufferedReader reader = pod.inputReader();
      lines.add(reader);
      addresses.add(awaitLine(reader, "at ").substring("at ".length()));
    }
    for (Process pod : pods) {
      Writer writer = pod.outputWriter();
      writer.write(String.join(" ", addresses) + "\n");
      writer.flush();
    }
  }

  private static String end(BufferedReader pod) {
    return awaitLine(pod, "trained ", "failed ");
  }

  private static String awaitLine(BufferedReader pod, String... beginnings) {
    try {
      for (String line = pod.readLine(); line != null; line = pod.readLine()) {
        for (String beginning : beginnings) {
          if (line.startsWith(beginning)) {
            return line;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("the pod ended before it said " + String.join(" or ", beginnings));
  }
}
