// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.checkpoint.FileBlobStore;
import dev.partita.data.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRegistryTest {
  private static final String WEIGHTS = "model.safetensors";

  @TempDir private Path storage;
  private final Set<Long> instances = new HashSet<>();
  private ModelRepository models;
  private ModelRegistry registry;
  private Path checkpoint;

  @BeforeEach
  void openRegistry() throws Exception {
    models = new ModelRepository(TestDatabase.create());
    registry = new ModelRegistry(models, new FileBlobStore(), storage.toUri(), instances::contains);
    checkpoint = Files.createDirectories(storage.resolve("checkpoints/1-train/9-x"));
    Files.writeString(checkpoint.resolve(WEIGHTS), "weights");
    instances.add(1L);
  }

  @Test
  void aRegisteredModelKeepsItsWeightsWhenTheCheckpointAndTheJobAreGone() throws IOException {
    ModelCandidate candidate = candidate("text");
    models.propose(candidate);
    ModelVersion version = registry.register(candidate);
    new FileBlobStore().delete(checkpoint.toUri());
    registry.purge(1);
    instances.remove(1L);
    registry.sweep();
    assertThat(Path.of(URI.create(version.uri())).resolve(WEIGHTS)).hasContent("weights");
    assertThat(models.candidate(1)).isEmpty();
    assertThat(models.find("text", 1)).contains(version);
  }

  @Test
  void aJobRegistersItsModelOnce() {
    ModelVersion first = registry.register(candidate("text"));
    assertThat(registry.register(candidate("text"))).isEqualTo(first);
    assertThat(models.versions("text")).containsExactly(first);
  }

  @Test
  void aNameLeadsToNoOtherFolder() {
    ModelVersion version = registry.register(candidate("../../etc/x y"));
    assertThat(Path.of(URI.create(version.uri())).getParent()).isEqualTo(storage.resolve("models"));
  }

  /** Killed between the files and the row. */
  @Test
  void halfARegistrationIsRepeatedByARestartAndSweptByAPurge() throws IOException {
    Path half = Files.createDirectories(storage.resolve("models/1-text"));
    Files.writeString(half.resolve(WEIGHTS), "weig");
    registry.sweep();
    assertThat(half).as("its job may be restarted").exists();
    ModelVersion version = registry.register(candidate("text"));
    assertThat(Path.of(URI.create(version.uri())).resolve(WEIGHTS)).hasContent("weights");

    Path orphan = Files.createDirectories(storage.resolve("models/2-text"));
    registry.sweep();
    assertThat(orphan).doesNotExist();
    assertThat(half).exists();
  }

  private ModelCandidate candidate(String name) {
    return ModelRepositoryTest.candidate(name, 1, 0.7).withUri(checkpoint.toUri().toString());
  }
}
