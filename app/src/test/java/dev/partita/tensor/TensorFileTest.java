// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFileTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path folder;

  @Test
  void aSetInShardsIsWrittenCommittedOpenedAndLoaded() {
    ByteBuffer weight = floats(1, 2, 3, 4, 5, 6);
    ByteBuffer bias = floats(7, 8, 9).position(4); // two values, not at the start of their buffer
    Path target = folder.resolve("ünïcode/set");
    try (TensorSet set = set(weight, bias);
        TensorSetWriter writer = new TensorSetWriter(set, 2, 1)) {
      writer.prepare();
      writer.begin(target, LONG);
      assertThat(writer.await(LONG)).isTrue();
      TensorSetWriter.Committed committed = writer.commit();
      assertThat(committed.bytes()).isGreaterThan(32);
      assertThat(target.resolve("manifest.json")).exists();
      weight.putFloat(0, 0);
      set.load(target);
      assertThat(weight.getFloat(0)).isEqualTo(1);
    }
    try (TensorFile file =
        TensorFile.safetensors(target.resolve("model-00002-of-00002.safetensors"))) {
      assertThat(file.metadata()).isEqualTo(Map.of("clé", "välue"));
      assertThat(file.tensors()).containsOnlyKeys("bïas");
      TensorFile.Entry entry = Objects.requireNonNull(file.tensors().get("bïas"));
      assertThat(entry.shape()).containsExactly(2L);
      assertThat(entry.dtype()).isEqualTo("F32");
      assertThat(file.view("bïas").getFloat(4)).isEqualTo(9);
      ByteBuffer copy = floats(0, 0, 0).position(4);
      file.read("bïas", copy);
      assertThat(copy.getFloat(4)).isEqualTo(8);
      assertThatThrownBy(() -> file.view("other")).hasMessageContaining("no tensor other");
    }
  }

  @Test
  void whatAbandonedAndRefusedMeanIsTold() throws IOException {
    Files.createFile(folder.resolve("file"));
    try (TensorSet set = set(floats(1, 2, 3, 4, 5, 6), floats(0, 1).position(0));
        TensorSetWriter writer = new TensorSetWriter(set, 0, 0)) {
      writer.begin(folder.resolve("file/below"), LONG);
      assertCode(ErrorCode.STORAGE_FAILURE, () -> writer.await(LONG));
      writer.begin(folder.resolve("dropped"), LONG);
      writer.abandon(LONG);
      assertCode(ErrorCode.INVALID_ARGUMENT, writer::commit);
      assertCode(ErrorCode.NOT_FOUND, () -> set.load(folder.resolve("dropped")));
      assertCode(ErrorCode.NOT_FOUND, () -> TensorFile.safetensors(folder.resolve("none")).close());
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> TensorFile.onnx(folder.resolve("file")).close());
    }
  }

  /** MiniLM-L6-v2: 36 of its weights are anonymous in the file. */
  @Test
  void everyInitialiserOfARealModelHasItsName() throws IOException {
    Path model = folder.resolve("model.onnx");
    try (InputStream resource =
        Objects.requireNonNull(getClass().getResourceAsStream("/all-minilm-l6-v2.onnx"))) {
      Files.copy(resource, model);
    }
    try (TensorFile file = TensorFile.onnx(model)) {
      assertThat(file.tensors()).hasSize(102);
      assertThat(file.tensors().keySet()).noneMatch(name -> name.contains("onnx::"));
      assertThat(file.metadata()).hasSize(36);
      for (int layer = 0; layer < 6; layer++) {
        String prefix = "encoder.layer." + layer + ".";
        assertShape(file, prefix + "attention.self.query.weight", 384, 384);
        assertShape(file, prefix + "attention.output.dense.weight", 384, 384);
        assertShape(file, prefix + "intermediate.dense.weight", 384, 1536);
        assertShape(file, prefix + "output.dense.weight", 1536, 384);
        assertThat(file.metadata())
            .containsEntry("transposed:" + prefix + "output.dense.weight", "true");
      }
      assertShape(file, "embeddings.word_embeddings.weight", 30522, 384);
      ByteBuffer weights = file.view("embeddings.word_embeddings.weight");
      assertThat(weights.getFloat(0)).isFinite().isNotZero();
    }
  }

  private static void assertShape(TensorFile file, String name, long... shape) {
    TensorFile.Entry entry = Objects.requireNonNull(file.tensors().get(name), name);
    assertThat(entry.shape().stream().mapToLong(Long::longValue).toArray()).isEqualTo(shape);
  }

  private static TensorSet set(ByteBuffer weight, ByteBuffer bias) {
    TensorSet set = new TensorSet();
    set.file("model.safetensors", Map.of("clé", "välue"));
    set.add("weight", "F32", List.of(3L, 2L), weight);
    set.add("bïas", "F32", List.of(2L), bias);
    return set;
  }

  private static ByteBuffer floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.flip();
  }

  private static void assertCode(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PartitaException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }
}
