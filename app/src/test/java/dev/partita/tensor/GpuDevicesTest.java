// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GpuDevicesTest {
  private static final Path DRIVER = Path.of("/dev/nvidiactl");

  @Test
  void aMachineWithoutADriverHasNoDevicesAndSaysWhy() {
    assumeFalse(Files.exists(DRIVER), "this machine has an NVIDIA driver");
    assertThat(GpuDevices.list()).isEmpty();
    assertThat(GpuDevices.absence()).startsWith("UnsatisfiedLinkError: no jni");
    assertThat(GpuDevices.list()).isEmpty();
  }

  @Test
  void withoutThePresetThereAreNoDevicesEither() throws IOException, InterruptedException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("cuda-"))
            .collect(Collectors.joining(File.pathSeparator));
    Process probe =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                Probe.class.getName())
            .redirectErrorStream(true)
            .start();
    assertThat(probe.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(new String(probe.getInputStream().readAllBytes(), UTF_8).strip())
        .isEqualTo("[] NoClassDefFoundError: org/bytedeco/cuda/global/nvml");
  }

  @Test
  void theDevicesOfAMachineWithADriverHaveMemoryAndNames() {
    assumeTrue(Files.exists(DRIVER), "this machine has no NVIDIA driver");
    assertThat(GpuDevices.absence()).isEmpty();
    assertThat(GpuDevices.list()).isNotEmpty();
    for (GpuDevice device : GpuDevices.list()) {
      assertThat(device.name()).isNotBlank();
      assertThat(device.uuid()).startsWith("GPU-");
      assertThat(device.totalBytes()).isPositive();
      assertThat(device.usedBytes()).isBetween(0L, device.totalBytes());
      assertThat(device.utilization()).isBetween(0.0, 1.0);
    }
  }

  /** Lists the devices of a process that has no CUDA preset. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) {
      System.out.println(GpuDevices.list() + " " + GpuDevices.absence());
    }
  }
}
