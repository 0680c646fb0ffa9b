// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.PartitaException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageRootTest {
  @TempDir private Path folder;

  @Test
  void nothingNamedIsTheRootItself() {
    assertThat(root().resolve("")).isEqualTo(root().root());
    assertThat(root().resolve(null)).isEqualTo(root().root());
  }

  @Test
  void aFolderInsideIsTaken() {
    URI inside = root().resolve(root().root() + "mine");
    assertThat(inside).isEqualTo(URI.create(root().root() + "mine/"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc",
        "file:/",
        "file:relative",
        "relative",
        "s3://bucket/",
        "http://127.0.0.1/",
        "file://host/share/",
        "%s../outside",
        "%s%%2e%%2e/outside",
        "%sok?query",
        "not a uri"
      })
  void everythingElseIsRefused(String wanted) {
    assertThatThrownBy(() -> root().resolve(wanted.formatted(root().root())))
        .isInstanceOf(PartitaException.class);
  }

  @Test
  void aLinkThatLeadsOutIsRefused() throws IOException {
    Files.createDirectories(folder.resolve("root"));
    Files.createDirectories(folder.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("root/link"), folder.resolve("secret"));
    assertThatThrownBy(() -> root().resolve(root().root() + "link/deeper"))
        .isInstanceOf(PartitaException.class);
  }

  private StorageRoot root() {
    return new StorageRoot(CheckpointFixture.storage(folder.resolve("root")));
  }
}
