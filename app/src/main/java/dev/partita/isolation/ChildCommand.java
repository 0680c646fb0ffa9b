// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.nativecore.global.PartitaCore;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** How a child JVM is started: the server's Java and classes, without the server. */
final class ChildCommand {
  /** The rest of the environment stays here: there may be passwords in it. */
  private static final Predicate<String> PASSED_ON =
      Pattern.compile(
              "PATH|HOME|LANG|LC_.*|TZ|TMPDIR|LD_LIBRARY_PATH|OPENBLAS_.*|OMP_.*|CUDA_.*"
                  + "|NVIDIA_.*|MALLOC_.*")
          .asMatchPredicate();

  /** Options of the server's own JVM that its children need too. */
  private static final Set<String> SAME_PROPERTIES =
      Set.of(
          "java.io.tmpdir",
          "jdk.serialFilter",
          "org.bytedeco.javacpp.cachedir",
          "org.bytedeco.javacpp.maxBytes",
          "org.bytedeco.javacpp.maxPhysicalBytes",
          "org.bytedeco.javacpp.nopointergc");

  private ChildCommand() {}

  /**
   * @param workingDirectory where a crash leaves its report
   */
  static ProcessBuilder of(WorkerOptions options, Path workingDirectory) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + options.heapBytes(),
            "-XX:+UseSerialGC",
            "-XX:ReservedCodeCacheSize=96m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-XX:+DisplayVMOutputToStderr", // standard output is the channel
            "-XX:ErrorFile=" + workingDirectory.resolve("worker-crash-%p.log"),
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    SAME_PROPERTIES.forEach(
        name -> {
          String value = System.getProperty(name);
          if (value != null) {
            command.add("-D" + name + "=" + value);
          }
        });
    command.addAll(List.of("-cp", classPath()));
    command.add(ChildMain.class.getName());
    command.add(Long.toString(ProcessHandle.current().pid()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(PASSED_ON.negate());
    return builder;
  }

  /**
   * Of an unpacked WAR: its classes, its libraries, and the server's shared native library.
   * Anywhere else: that of this JVM.
   */
  private static String classPath() {
    Path classes = placeOf(ChildMain.class);
    if (!classes.endsWith(Path.of("WEB-INF", "classes"))) {
      return System.getProperty("java.class.path");
    }
    return String.join(
        File.pathSeparator,
        classes.toString(),
        classes.resolveSibling("lib").resolve("*").toString(),
        placeOf(PartitaCore.class).resolveSibling("*").toString());
  }

  private static Path placeOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return Path.of(Objects.requireNonNull(source.getLocation(), type.getName()).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no path to " + type, e);
    }
  }
}
