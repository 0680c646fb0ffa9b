// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.cluster.TestGangPod;
import dev.partita.error.PartitaException;
import dev.partita.tensor.NamedRegion;
import dev.partita.tensor.NativeCore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A pod of a gang as a process of its own. It prints {@code at ADDRESS}, reads all pods' addresses,
 * trains its ranks, and prints {@code iteration N} as it goes and {@code trained CHECKSUM} or
 * {@code failed CODE MESSAGE} at the end.
 */
final class GangProcess {
  private GangProcess() {}

  static final int TEXTS = 517;

  /** All float32 of the trained model. */
  static final String WEIGHTS = "weights";

  static Map<String, String> parameters(int epochs, String denseReduce) {
    return Map.of(
        "denseReduce", denseReduce,
        "epochs", Integer.toString(epochs),
        "globalBatch", "64",
        "microShards", "8",
        "learningRate", "0.05",
        "weightDecay", "0.01",
        "dims", "16",
        "buckets", "1024",
        "seed", "42");
  }

  /**
   * Runs the pod.
   *
   * @param arguments folder, epochs, iteration in which this pod's ranks fail (-1: none), pod of
   *     each rank with commas between, this pod, {@code exact} or {@code gloo}
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    long failIn = Long.parseLong(arguments[2]);
    List<Integer> podOfRank =
        Arrays.stream(arguments[3].split(",", -1)).map(Integer::valueOf).toList();
    int me = Integer.parseInt(arguments[4]);
    try (TestGangPod pod = new TestGangPod(folder, "secret", Map.of());
        BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      say("at " + pod.address());
      List<String> addresses = List.of(input.readLine().split(" ", -1));
      GangRunner gangs =
          new GangRunner(
              folder,
              parameters(Integer.parseInt(arguments[1]), arguments[5]),
              run -> pod.join(run.gangId(), run.pods().pod(), addresses, Duration.ofSeconds(30)));
      say(ending(gangs, new RankPods(me, addresses, podOfRank), folder, failIn));
      // Until the test has heard all pods: one that exits is a pod that is gone.
      input.transferTo(Writer.nullWriter());
    }
    System.exit(0);
  }

  private static String ending(GangRunner gangs, RankPods pods, Path folder, long failIn) {
    CompletableFuture<String> checksum = new CompletableFuture<>();
    List<CompletableFuture<Outcome>> ranks =
        gangs.start("spread", pods, new Checked(checksum, folder, failIn));
    try {
      ranks.forEach(CompletableFuture::join);
      return "trained " + checksum.join();
    } catch (CompletionException e) {
      return e.getCause() instanceof PartitaException known
          ? "failed " + known.code() + " " + known.getMessage()
          : "failed " + e.getCause();
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /** The text classifier, which tells the checksum of all it learnt and writes down the weights. */
  record Checked(CompletableFuture<String> checksum, Path folder, long failIn)
      implements TrainingLoop {
    private static final TextClassifierLoop LOOP =
        new TextClassifierLoop(context -> new MemoryTexts(TEXTS));

    @Override
    public boolean spansPods() {
      return true;
    }

    @Override
    public void train(TrainingContext context) throws Exception {
      LOOP.train(
          new WatchedContext(
              context,
              iteration -> {
                if (iteration == failIn) {
                  throw new IllegalStateException("out of luck");
                }
                if (iteration % 10 == 0 && context.rank() == context.ranksHere().get(0)) {
                  say("iteration " + iteration);
                }
              }));
      TextTraining trained =
          context.shared(
              TextTraining.class,
              () -> {
                throw new IllegalStateException("nothing was trained");
              });
      if (context.rank() == context.ranksHere().get(0)) {
        write(trained);
      }
      List<NamedRegion> regions = new ArrayList<>(trained.model.parameters());
      regions.addAll(trained.optimizerState());
      checksum.complete(
          regions.stream()
              .map(region -> NativeCore.crc32c(0, region.address(), region.byteSize()))
              .toList()
              .toString());
    }

    private void write(TextTraining trained) throws IOException {
      try (FileChannel file =
          FileChannel.open(
              folder.resolve(WEIGHTS), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        for (NamedRegion region : trained.model.parameters()) {
          file.write(region.view(0, (int) region.byteSize()));
        }
      }
    }
  }
}
