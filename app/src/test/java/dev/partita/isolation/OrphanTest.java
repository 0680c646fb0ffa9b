// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.config.IsolationConfig.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A parent that dies takes its children with it, be they busy or frozen. */
class OrphanTest {
  @TempDir Path temp;

  @Test
  void noChildOutlivesAKilledParent() throws IOException, InterruptedException {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.cachedir="
                    + System.getProperty("org.bytedeco.javacpp.cachedir", ""),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                temp.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<Long> children = new ArrayList<>();
    try (BufferedReader lines = parent.inputReader()) {
      for (int i = 0; i < 3; i++) {
        children.add(Long.parseLong(lines.readLine()));
      }
      WorkersFixture.signal("STOP", children.get(2));
      assertThat(children).allMatch(pid -> ProcessHandle.of(pid).isPresent());
      parent.destroyForcibly();
      assertThat(parent.waitFor(10, TimeUnit.SECONDS)).isTrue();
      WorkersFixture.awaits(
          Duration.ofSeconds(2), () -> children.stream().noneMatch(OrphanTest::runs));
    } finally {
      parent.destroyForcibly();
    }
  }

  /** Alive, and not only waiting to be buried by whoever inherited it. */
  private static boolean runs(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException e) {
      return false;
    }
  }

  /** Starts three children, one idle, one that does not listen, one to be stopped. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws InterruptedException {
      WorkersFixture fixture = new WorkersFixture(Path.of(arguments[0]), Map.of());
      for (int i = 0; i < 3; i++) {
        ProcessWorker worker = (ProcessWorker) fixture.start(Kind.PROCESS, "child" + i, 1);
        if (i > 0) {
          assertThat(worker.submit(TestWork.call("wait", "stubborn"))).isNotDone();
        }
        System.out.println(worker.pid());
      }
      Thread.sleep(60_000);
    }
  }
}
