// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = write();
    try (FileChannel channel = FileChannel.open(file)) {
      SafetensorsReader reader = SafetensorsReader.open(channel);
      assertThat(reader.metadata()).isEqualTo(Map.of("format", "pt"));
      assertThat(reader.tensors())
          .hasEntrySatisfying(
              "weight", weight -> assertThat(weight.shape()).containsExactly(4L, 3L));
      ByteBuffer bias = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
      reader.read("bias", bias);
      assertThat(bias.getFloat(8)).isEqualTo(-1f + 2);
    }
  }

  @Test
  void dataBeginsAtAMultipleOfEight() throws IOException {
    long header =
        ByteBuffer.wrap(Files.readAllBytes(write())).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"a\":{\"dtype\":\"F99\",\"shape\":[],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1e99],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} {}",
        "{\"__metadata__\":{\"k\":{\"deeper\":1}}}",
      })
  void aWrongHeaderIsRefused(String header) throws IOException {
    assertRefused(raw(header, 4));
  }

  @Test
  void deepNestingIsRefusedWithoutRecursion() throws IOException {
    assertRefused(raw("{\"a\":".repeat(100_000), 0));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, 1 << 23})
  void anImpossibleHeaderLengthIsRefusedBeforeItIsAllocated(long length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    assertRefused(bytes.array());
  }

  @Test
  void anyMutationIsReadOrRefused() throws IOException {
    byte[] good = Files.readAllBytes(write());
    SplittableRandom random = new SplittableRandom(7);
    Path file = folder.resolve("mutant");
    for (int round = 0; round < 3_000; round++) {
      byte[] mutant = good.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(mutant.length) : mutant.length;
      Files.write(file, java.util.Arrays.copyOf(mutant, length));
      try (FileChannel channel = FileChannel.open(file)) {
        SafetensorsReader reader = SafetensorsReader.open(channel);
        for (Map.Entry<String, SafetensorsHeader.Entry> tensor : reader.tensors().entrySet()) {
          reader.read(tensor.getKey(), ByteBuffer.allocate((int) tensor.getValue().bytes()));
        }
      } catch (PartitaException refused) {
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      }
    }
  }

  private Path write() throws IOException {
    Path file = folder.resolve("model.safetensors");
    CheckpointFile model = CheckpointFixture.files(1f).get(0);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(channel, model.metadata(), model.tensors());
    }
    return file;
  }

  private static byte[] raw(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private void assertRefused(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("wrong"), bytes);
    try (FileChannel channel = FileChannel.open(file)) {
      assertThatThrownBy(() -> SafetensorsReader.open(channel))
          .isInstanceOfSatisfying(
              PartitaException.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
  }
}
