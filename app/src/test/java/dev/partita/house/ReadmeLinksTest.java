// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a folder's README points at exists. */
class ReadmeLinksTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

  @Test
  void everyRelativeLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path readme : readmes()) {
      Matcher links = LINK.matcher(Files.readString(readme));
      while (links.find()) {
        String target = links.group(1);
        if (!target.contains("://") && !target.startsWith("mailto:")) {
          if (!Files.exists(readme.resolveSibling(target))) {
            broken.add(ROOT.relativize(readme) + " -> " + target);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyFolderOfTheTopLevelHasAReadme() {
    assertThat(List.of("", "app", "native", "batch-jobs", "liberty-config", "kubernetes", "it"))
        .allSatisfy(folder -> assertThat(ROOT.resolve(folder).resolve("README.md")).exists());
  }

  private static List<Path> readmes() throws IOException {
    try (Stream<Path> files =
        Files.find(ROOT, 6, (path, attributes) -> path.endsWith("README.md"))) {
      return files
          .filter(
              path ->
                  !ROOT.relativize(path)
                      .toString()
                      .matches("(^|.*/)(target|node_modules|\\.git)/.*"))
          .toList();
    }
  }
}
