// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first thing every build runs, on machines that lack something. */
class PreflightTest {
  private static final List<String> OF_EVERY_DEBIAN =
      List.of(
          "bash", "cat", "cut", "dirname", "getconf", "grep", "head", "ls", "sed", "sort", "tail",
          "uname", "uniq");
  private static final List<String> INSTALLED =
      List.of(
          "git",
          "g++",
          "cmake",
          "make",
          "postgres",
          "chromium",
          "chromedriver",
          "promtool",
          "kubectl");
  private static final String FOR_EVERY_BUILD = "sudo apt-get install -y openjdk-17-jdk";
  private static final String FOR_THE_TESTS = "sudo apt-get install -y postgresql";

  private record Run(int status, String output) {}

  @TempDir private Path machine;
  private Path programs;

  @BeforeEach
  void install() throws IOException {
    programs = Files.createDirectory(machine.resolve("bin"));
    for (String name : OF_EVERY_DEBIAN) {
      Files.createSymbolicLink(programs.resolve(name), Path.of("/usr/bin", name));
    }
    for (String name : INSTALLED) {
      program(programs.resolve(name), "exit 0");
    }
    program(programs.resolve("g++"), "echo /usr/lib/${1#*=}");
    javac("17.0.15");
    Files.createDirectory(machine.resolve(".mvn"));
    // This machine's own PostgreSQL must not be found.
    String script =
        Files.readString(Path.of("../.mvn/preflight.sh"))
            .replace("/usr/lib/postgresql", machine.resolve("postgresql").toString());
    Files.writeString(machine.resolve(".mvn/preflight.sh"), script);
    Files.copy(Path.of("../README.md"), machine.resolve("README.md"));
  }

  @Test
  void whereNothingIsMissingNothingIsSaid() throws Exception {
    assertThat(verify("")).isEqualTo(new Run(0, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"git", "g++", "cmake", "make"})
  void whatEveryBuildNeedsIsNamedWithTheLineThatBringsIt(String tool) throws Exception {
    Files.delete(programs.resolve(tool));
    for (String mode : List.of("verify", "demo", "bench")) {
      Run run = run(mode, "3.8.7", "");
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.output())
          .containsSubsequence("Missing:", "  - " + tool + "\n", FOR_EVERY_BUILD)
          .doesNotContain("downloads");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "postgres,postgres",
    "chromium,browser",
    "chromedriver,browser",
    "promtool,promtool",
    "kubectl,kubectl"
  })
  void whatTheTestsNeedIsNamedUnlessItIsWaived(String tool, String word) throws Exception {
    Files.delete(programs.resolve(tool));
    Run refused = verify("");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output())
        .containsSubsequence("  - " + tool + ", for ", "-Dpartita.without=" + word, FOR_THE_TESTS);
    assertThat(verify(word).status()).isZero();
    assertThat(verify("promtool,browser, postgres,kubectl").status()).isZero();
    assertThat(run("skips", "3.8.7", word).output())
        .startsWith("SKIPPED on request (-Dpartita.without=" + word + "): ")
        .hasLineCount(1);
  }

  @Test
  void everythingThatIsMissingIsNamedAtOnce() throws Exception {
    Files.delete(programs.resolve("git"));
    Files.delete(programs.resolve("cmake"));
    javac("11.0.2");
    assertThat(run("verify", "3.6.3", "").output())
        .contains(
            "JDK 17 or newer (Maven runs on 11.0.2)",
            "Maven 3.8.7 or newer (this is 3.6.3)",
            "  - git\n",
            "  - cmake\n");
  }

  @Test
  void aJavaWithoutACompilerIsNotEnough() throws Exception {
    Files.delete(machine.resolve("jdk/bin/javac"));
    assertThat(verify("").output()).contains("a JDK with javac (Maven runs on ");
  }

  @Test
  void anUnknownWaiverIsAMistake() throws Exception {
    Run run = verify("browser,selenium,.*,*");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.output())
        .contains(
            "partita.without knows postgres, browser, promtool, kubectl; not: selenium, .*, *");
  }

  private Run verify(String without) throws Exception {
    return run("verify", "3.8.7", without);
  }

  private Run run(String mode, String maven, String without) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            programs.resolve("bash").toString(),
            machine.resolve(".mvn/preflight.sh").toString(),
            mode,
            "--java=" + machine.resolve("jdk"),
            "--maven=" + maven,
            "--repository=" + machine.resolve("repository"),
            "--without=" + without);
    builder.environment().put("PATH", programs.toString());
    builder.redirectErrorStream(true);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  private void javac(String version) throws IOException {
    Path home = Files.createDirectories(machine.resolve("jdk/bin"));
    program(home.resolve("javac"), "echo javac " + version);
  }

  private static void program(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
