// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.it.server.Checkout;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code kernels}: the tensor kernels beside plain loops over memory, a program of the native
 * module; then beside libtorch and beside Java, in JVMs that have the server's native library.
 */
final class KernelBench {
  private KernelBench() {}

  static List<Figure> run() {
    Path root = Checkout.find().root();
    String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
    Program.run(
        List.of(root.resolve("native/target/cmake/kernel_bench").toString(), cores), Map.of());
    java(root, TorchPeers.class.getName());
    // Compiled with profile bench only, because nothing else wants JMH.
    java(root, "dev.partita.it.bench.FeaturizerBench");
    return List.of();
  }

  private static void java(Path root, String mainClass) {
    Path target = root.resolve("it/target");
    Program.run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dorg.bytedeco.javacpp.cachedir=" + target.resolve("kernel-bench"),
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-classpath",
            target.resolve("server-libs/native/*")
                + File.pathSeparator
                + System.getProperty("java.class.path"),
            mainClass),
        Map.of("OPENBLAS_NUM_THREADS", "1", "OMP_NUM_THREADS", "1"));
  }
}
