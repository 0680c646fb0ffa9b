// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.Killer;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.SharedServer;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class StartIT {
  /** Warnings and errors of the server, of Java itself, and what goes past the log. */
  private static final Pattern TROUBLE =
      Pattern.compile("^\\[[^]]+] \\w+ \\S+ +[EWFR] |WARNING|ERROR|^Exception|^\\tat ");

  private static final Pattern JAVA = Pattern.compile("Server VM, version ([0-9]+)");

  @Test
  void becomesReadyAndSaysWhoAsks(ServerProcess server, PartitaClient admin) {
    assertThat(server.startTime()).isPositive();
    assertThat(new PartitaClient(server.uri(), null).get("/health/ready").status()).isEqualTo(200);
    assertThat(admin.get("/api/me").expect(200).body()).contains("admin");
  }

  /** A newcomer reads the log of the first start from its first to its last line. */
  @Test
  void theLogOfAStartHasNothingToExplain(ServerProcess server) throws IOException {
    List<String> start = new ArrayList<>();
    for (String line : Files.readAllLines(server.directory().console())) {
      start.add(line);
      if (line.endsWith("The job engine is ready")) {
        break;
      }
    }
    assertThat(start).hasSizeGreaterThan(20);
    assertThat(start).noneMatch(line -> TROUBLE.matcher(line).find());
    System.out.printf(
        "start %.1f s on Java %d%n", server.startTime().toMillis() / 1e3, javaOf(server));
  }

  /** Ten thousand waiting jobs must not need as many threads of the operating system. */
  @Test
  void jobsWaitOnVirtualThreadsWhereJavaHasThem(ServerProcess server, PartitaClient admin)
      throws IOException {
    long instance = admin.submit("train-text", MainJob.quickTraining("threads", 1));
    assertThat(Killer.awaitShare(admin, instance, "train", 0.01)).isTrue();
    List<String> threads = threadsOf(server.pid());
    assertThat(threads)
        .as("partitions compute on threads of their own")
        .anyMatch(name -> name.startsWith("partita-partiti"));
    assertThat(threads.stream().anyMatch(name -> name.startsWith("partita-job")))
        .as("jobs hold threads of the operating system")
        .isEqualTo(javaOf(server) < 21);
    new MainJob(admin).completes(instance);
  }

  /** Names of the operating system's threads: Java's, cut to 15 characters. */
  private static List<String> threadsOf(long pid) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path task : tasks) {
        try {
          names.add(Files.readString(task.resolve("comm")).strip());
        } catch (NoSuchFileException e) {
          names.add("(ended)");
        }
      }
    }
    return names;
  }

  private static int javaOf(ServerProcess server) throws IOException {
    Matcher version = JAVA.matcher(Files.readString(server.directory().console()));
    assertThat(version.find()).as("the log names its Java").isTrue();
    return Integer.parseInt(version.group(1));
  }
}
