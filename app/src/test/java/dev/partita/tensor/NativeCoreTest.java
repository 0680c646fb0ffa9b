// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class NativeCoreTest {
  @Test
  void theCoreWorks() {
    NativeCore.selfCheck();
    assertThat(NativeCore.version()).isNotBlank();
  }

  @Test
  void crc32cIsThatOfTheJdk() {
    try (NativeBlock memory = new NativeBlock(1000)) {
      NamedRegion region = memory.region("bytes", 0, 250L);
      ByteBuffer bytes = region.view(0, 1000);
      for (int i = 0; i < 1000; i++) {
        bytes.put(i, (byte) (i * 31));
      }
      CRC32C expected = new CRC32C();
      expected.update(bytes);
      assertThat(NativeCore.crc32c(0, region.address(), 1000)).isEqualTo((int) expected.getValue());
    }
  }

  @Test
  void onlyComputingLoadsLibtorch() throws IOException, InterruptedException {
    // In a process of its own, because this one may have computed already.
    Process probe =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.cachedir="
                    + System.getProperty("org.bytedeco.javacpp.cachedir", ""),
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName())
            .redirectErrorStream(true)
            .start();
    assertThat(probe.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String printed = new String(probe.getInputStream().readAllBytes(), UTF_8);
    assertThat(printed.lines()).containsExactly("0 after the self check", "loaded by computing");
  }

  /** Looks at this process's own mappings. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) throws IOException {
      NativeCore.selfCheck();
      try (TextFeaturizer featurizer = new TextFeaturizer(1024, 1);
          BagModel model = BagModel.create(1024, 8, 2, 1);
          FeatureBatch batch = featurizer.featurize(List.of("red fox".getBytes(UTF_8)))) {
        System.out.println(libtorchMappings() + " after the self check");
        model.probabilities(batch);
      }
      System.out.println(libtorchMappings() > 0 ? "loaded by computing" : "not loaded?");
    }

    private static long libtorchMappings() throws IOException {
      try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
        return lines.filter(line -> line.contains("torch")).count();
      }
    }
  }
}
