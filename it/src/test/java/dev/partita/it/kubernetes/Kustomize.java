// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.kubernetes;

import dev.partita.it.fixture.Tool;
import dev.partita.it.server.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Renders a folder of kubernetes/ as {@code kubectl apply -k} does before it sends. Debian 12's
 * kubectl (1.20) knows two of the words by older names: for it the folder is translated first.
 */
final class Kustomize {
  private static final Pattern OLD = Pattern.compile("\"minor\": *\"(1?[0-9]|20)\\+?\"");

  private Kustomize() {}

  /** All manifests of the folder, such as {@code overlays/dev}, as YAML. */
  static String render(String folder) {
    String kubectl = Tool.KUBECTL.require().toString();
    Path manifests = Checkout.find().root().resolve("kubernetes");
    try {
      if (!OLD.matcher(output(List.of(kubectl, "version", "--client", "-o", "json"))).find()) {
        return output(List.of(kubectl, "kustomize", manifests.resolve(folder).toString()));
      }
      Path copy = Files.createTempDirectory("partita-kubernetes");
      translate(manifests, copy);
      return output(List.of(kubectl, "kustomize", copy.resolve(folder).toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot render kubernetes/" + folder, e);
    }
  }

  private static void translate(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        String text = Files.readString(file);
        Files.writeString(copy, file.endsWith("kustomization.yaml") ? older(text) : text);
      }
    }
  }

  private static String older(String kustomization) {
    return kustomization
        .replaceFirst("resources:\n  - (\\.\\./\\.\\./base)\n", "bases: [$1]\nresources:\n")
        .replace("patches:\n", "patchesStrategicMerge:\n")
        .replace("  - path: ", "  - ");
  }

  private static String output(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0 || !errors.isEmpty()) {
        throw new AssertionError(String.join(" ", command) + ": " + errors);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    return output;
  }
}
