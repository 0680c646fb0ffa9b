// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.Checkout;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.PostgresServer;
import dev.partita.it.server.ServerDirectory;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code scheduling}: partitions that do nothing, through the rows of a PostgreSQL on the same
 * machine: how many a second one pod and two pods post, place, run and end, and how long one takes
 * from its posting on one pod to its first line of code on another.
 */
final class PartitionsBench {
  private static final int STEPS = 8;
  private static final int PARTITIONS = Integer.getInteger("partita.bench.partitions", 500);
  private static final int RUNS = 3;
  private static final int SINGLES = 100;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private PartitionsBench() {}

  static List<Figure> run() {
    double syncs = syncsPerSecond();
    List<Figure> figures = new ArrayList<>(throughput(1, syncs));
    figures.addAll(throughput(2, syncs));
    figures.add(readyToRunning());
    return figures;
  }

  private static List<Figure> throughput(int pods, double syncs) {
    try (PostgresServer postgres = PostgresServer.start(postgres());
        ServerProcess first = server(postgres, "bench-a", 64).start();
        ServerProcess second = server(postgres, "bench-b", 64)) {
      if (pods > 1) {
        second.start();
      }
      PartitaClient client = first.client("admin");
      empty(client, postgres);
      List<Double> claimed = new ArrayList<>();
      List<Double> jobs = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        double[] rates = empty(client, postgres);
        claimed.add(rates[0]);
        jobs.add(rates[1]);
      }
      String limit = "fsync() of a block that was written over, one after the other";
      String suffix = pods == 1 ? "_1_pod" : "_2_pods";
      return List.of(
          Figure.of("scheduling", "empty_partitions" + suffix, "partitions/s", claimed)
              .within(syncs, limit),
          Figure.of("scheduling", "empty_partitions_of_whole_jobs" + suffix, "partitions/s", jobs)
              .within(syncs, limit));
    }
  }

  /**
   * Runs eight jobs of one step at once.
   *
   * @return partitions a second: from the first one posted to the last one ended, and from the
   *     first job's start to the last job's end
   */
  private static double[] empty(PartitaClient client, PostgresServer postgres) {
    List<Long> instances = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      instances.add(client.submitJsl(jsl(PARTITIONS), Map.of()));
    }
    for (long instance : instances) {
      // Seldom: each question costs what several partitions do.
      while (client.batchStatus(instance).startsWith("START")) {
        ServerProcess.pause(500);
      }
      complete(client, instance);
    }
    String ids = instances.stream().map(String::valueOf).collect(Collectors.joining(",", "(", ")"));
    String[] found =
        postgres
            .sql(
                "SELECT COUNT(*), EXTRACT(EPOCH FROM MAX(L.END_TIME) - MIN(W.READY)),"
                    + " (SELECT EXTRACT(EPOCH FROM MAX(E.ENDTIME) - MIN(E.STARTTIME))"
                    + " FROM JOB_EXECUTION E WHERE E.JOBINSTANCEID IN "
                    + ids
                    + ") FROM PARTITION_WORK W JOIN PARTITION_LEASE L"
                    + " ON L.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID"
                    + " AND L.PARTITION_NUMBER = W.PARTITION_NUMBER WHERE W.INSTANCE_ID IN "
                    + ids)
            .split("\\|", -1);
    int partitions = Integer.parseInt(found[0]);
    if (partitions != STEPS * PARTITIONS) {
      throw new IllegalStateException(partitions + " partitions instead of " + STEPS * PARTITIONS);
    }
    double[] rates = {
      partitions / Double.parseDouble(found[1]), partitions / Double.parseDouble(found[2])
    };
    System.out.printf(
        "# %d partitions, %.0f/s, of whole jobs %.0f/s%n", partitions, rates[0], rates[1]);
    return rates;
  }

  /** The pod that posts has no places: the other one runs each. */
  private static Figure readyToRunning() {
    try (PostgresServer postgres = PostgresServer.start(postgres());
        ServerProcess first = server(postgres, "bench-a", 0);
        ServerProcess second = server(postgres, "bench-b", 16)) {
      first.start();
      second.start();
      PartitaClient client = first.client("admin");
      List<Long> instances = new ArrayList<>();
      for (int i = 0; i < 2 * SINGLES; i++) {
        long instance = client.submitJsl(jsl(1), Map.of());
        complete(client, instance);
        instances.add(instance);
      }
      ServerProcess.pause(1_000); // events trail what they tell of
      List<Double> warm =
          instances.subList(SINGLES, 2 * SINGLES).stream()
              .map(instance -> millisToRunning(postgres, instance))
              .toList();
      return Figure.of("scheduling", "ready_to_running_on_another_pod", "ms", warm);
    }
  }

  /** Both times are of the same machine's clock: of its database, and of the pod that runs it. */
  private static double millisToRunning(PostgresServer postgres, long instance) {
    return Double.parseDouble(
        postgres.sql(
            "SELECT 1000 * EXTRACT(EPOCH FROM CAST(MIN(CAST(E.DATA AS JSON) ->> 'time')"
                + " AS TIMESTAMP WITH TIME ZONE) - MIN(W.READY)) FROM JOB_EVENT E"
                + " JOIN PARTITION_WORK W ON W.INSTANCE_ID = E.INSTANCE_ID"
                + " WHERE E.TYPE = 'PARTITION' AND E.INSTANCE_ID = "
                + instance));
  }

  private static void complete(PartitaClient client, long instance) {
    String status = client.await(instance, LIMIT);
    if (!status.equals("COMPLETED")) {
      throw new IllegalStateException(status + ": " + client.log(instance));
    }
  }

  private static String jsl(int partitions) {
    return """
    <job id="empty" version="2.0" xmlns="https://jakarta.ee/xml/ns/jakartaee">
      <step id="nothing">
        <batchlet ref="echoBatchlet"><properties><property name="text" value=""/></properties></batchlet>
        <partition><plan partitions="%d"/></partition>
      </step>
    </job>
    """
        .formatted(partitions);
  }

  private static ServerProcess server(PostgresServer postgres, String name, int places) {
    Checkout checkout = Checkout.find();
    return new ServerProcess(checkout, ServerDirectory.create(checkout, name))
        .with("partita.database", "postgresql")
        .with("partita.database.url", postgres.url())
        .with("partita.database.user", PostgresServer.USER)
        .with("partita.database.password", postgres.password())
        .with("partita.server.id", name)
        .with("partita.node.cpus", "64")
        // PostgreSQL takes 100 by default.
        .with("partita.database.connections", "40")
        .with("partita.jobs.partition-permits", Integer.toString(places))
        .with(
            "partita.storage.uri", checkout.servers().resolve("bench-storage").toUri().toString());
  }

  /** On PATH, or where Debian keeps the newest version. */
  private static Path postgres() {
    Stream<Path> path =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":")).map(Path::of);
    Path versions = Path.of("/usr/lib/postgresql");
    try (Stream<Path> debian =
        Files.isDirectory(versions) ? Files.list(versions) : Stream.<Path>empty()) {
      return Stream.concat(path, debian.map(version -> version.resolve("bin")).toList().stream())
          .map(bin -> bin.resolve("postgres"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("apt-get install postgresql"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + versions, e);
    }
  }

  private static double syncsPerSecond() {
    try {
      Path file = Files.createTempFile("partita-fsync", "");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
        ByteBuffer block = ByteBuffer.allocate(8192);
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        long began = System.nanoTime();
        int syncs = 0;
        while (System.nanoTime() < end) {
          block.clear();
          channel.write(block, 0);
          channel.force(false);
          syncs++;
        }
        return syncs / ((System.nanoTime() - began) / 1e9);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot measure the disk", e);
    }
  }
}
