// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_features;
import dev.partita.nativecore.ptc_featurizer;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.BytePointer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The core's featurizer and its Java twin on the same texts, one thread, by JMH. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FeaturizerBench {
  private static final int BUCKET_BITS = 18;
  private static final int TEXTS = 20_000;
  private static final int TIMEOUT_MILLIS = 60_000;

  private final byte[][] texts = new byte[TEXTS][];
  private final long[] addresses = new long[TEXTS];
  private final int[] lengths = new int[TEXTS];
  private final BytePointer memory;
  private final int bytes;
  private final int[] ids;
  private final JavaFeaturizer twin = new JavaFeaturizer(BUCKET_BITS);
  private final ptc_featurizer featurizer = new ptc_featurizer();
  private final ptc_features features = new ptc_features();

  /** Texts in native memory and on the heap; the two must find the same ids. */
  public FeaturizerBench() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < TEXTS; i++) {
      texts[i] =
          ("word" + i % 977 + " that stands for the " + i)
              .concat("th gloss; of a dictionary, with Several words")
              .getBytes(UTF_8);
      lengths[i] = texts[i].length;
      all.writeBytes(texts[i]);
    }
    bytes = all.size();
    ids = new int[bytes];
    memory = new BytePointer(all.toByteArray());
    long address = memory.address();
    for (int i = 0; i < TEXTS; i++) {
      addresses[i] = address;
      address += lengths[i];
    }
    check(PartitaCore.ptc_featurizer_create(1 << BUCKET_BITS, 1, featurizer));
    check(PartitaCore.ptc_features_create(features));
    compare(all.toByteArray());
    compare(everyCodePoint());
    byte[] random = new byte[1 << 20];
    new Random(42).nextBytes(random);
    compare(random);
  }

  private static byte[] everyCodePoint() {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        text.appendCodePoint(c).append(c % 3 == 0 ? " " : "");
      }
    }
    return text.toString().getBytes(UTF_8);
  }

  private void compare(byte[] text) {
    int[] expected = new int[text.length + 1];
    int count = twin.featurize(text, 0, text.length, expected, 0);
    try (BytePointer copy = new BytePointer(text)) {
      check(
          PartitaCore.ptc_featurize(
              featurizer,
              1,
              new long[] {copy.address()},
              new int[] {text.length},
              TIMEOUT_MILLIS,
              features));
    }
    int[] found = new int[PartitaCore.ptc_features_count(features)];
    PartitaCore.ptc_features_ids(features).get(found);
    if (!Arrays.equals(found, Arrays.copyOf(expected, count))) {
      throw new IllegalStateException("The featurizers differ on a text of " + text.length);
    }
  }

  /** All texts by the core. */
  @Benchmark
  public int core() {
    check(
        PartitaCore.ptc_featurize(featurizer, TEXTS, addresses, lengths, TIMEOUT_MILLIS, features));
    return PartitaCore.ptc_features_count(features);
  }

  /** All texts by the twin. */
  @Benchmark
  public int java() {
    int at = 0;
    for (byte[] text : texts) {
      at = twin.featurize(text, 0, text.length, ids, at);
    }
    return at;
  }

  /** Prints a line of JSON. */
  public static void main(String[] arguments) {
    System.out.println(figure().json(Bench.load()));
  }

  /** Megabytes of text a second, of the core, beside those of the twin. */
  private static Figure figure() {
    double megabytes = new FeaturizerBench().bytes / 1e6;
    try {
      Collection<RunResult> results =
          new Runner(
                  new OptionsBuilder()
                      .include(FeaturizerBench.class.getName())
                      .forks(1)
                      .warmupIterations(3)
                      .warmupTime(TimeValue.seconds(1))
                      .measurementIterations(7)
                      .measurementTime(TimeValue.seconds(1))
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run();
      return Figure.of(
              "kernels", "featurizer_1_thread_inpod", "MB/s", rates(results, "core", megabytes))
          .within(
              Figure.of("kernels", "java", "MB/s", rates(results, "java", megabytes)).median(),
              "a twin in Java that allocates nothing, by JMH like the figure");
    } catch (RunnerException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Double> rates(Collection<RunResult> results, String of, double megabytes) {
    return results.stream()
        .filter(result -> result.getParams().getBenchmark().endsWith("." + of))
        .flatMap(result -> result.getBenchmarkResults().stream())
        .flatMap(fork -> fork.getIterationResults().stream())
        .map(iteration -> iteration.getPrimaryResult().getScore() * megabytes)
        .toList();
  }

  private static void check(int status) {
    if (status != PartitaCore.PTC_OK) {
      throw new IllegalStateException(PartitaCore.ptc_last_error().getString());
    }
  }
}
