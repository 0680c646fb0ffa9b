// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.config.ServeConfig;
import dev.partita.data.TestDatabase;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.BagModel;
import dev.partita.tensor.FeatureBatch;
import dev.partita.tensor.NamedRegion;
import dev.partita.tensor.TextFeaturizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelServerTest {
  private static final int BUCKETS = 1024;
  private static final int DIMS = 8;
  private static final List<byte[]> TEXTS =
      IntStream.range(0, 50)
          .mapToObj(i -> ("a text about the number " + i).getBytes(StandardCharsets.UTF_8))
          .toList();

  @TempDir Path storage;
  private ModelRepository models;
  private ModelServer server;

  @BeforeEach
  void emptyServer() throws Exception {
    models = new ModelRepository(TestDatabase.create());
    server = new ModelServer(models, new ServeConfig(64, 1024, 2, false), TextClassifier::load);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void answersAsTheModelItselfDoes() throws Exception {
    float[] expected = register("text", 1);
    Inference inference = server.infer("text", ModelServer.LATEST, TEXTS);

    assertThat(inference.probabilities()).isEqualTo(expected);
    assertThat(inference.model().version()).isEqualTo(1);
    assertThat(inference.best(0).className()).isIn("animal", "food", "feeling");
    List<Boolean> same =
        IntStream.range(0, 400)
            .parallel()
            .mapToObj(
                i -> {
                  byte[] text = TEXTS.get(i % TEXTS.size());
                  Inference one = server.infer("text", 1, List.of(text));
                  return one.best(0).equals(inference.best(i % TEXTS.size()));
                })
            .toList();
    assertThat(same).containsOnly(true);
  }

  @Test
  void theNewestVersionServesOnceItIsRegistered() throws Exception {
    register("text", 1);
    assertThat(server.infer("text", ModelServer.LATEST, TEXTS).model().version()).isEqualTo(1);
    float[] expected = register("text", 2);
    server.forgetLatest("text");
    Inference newest = server.infer("text", ModelServer.LATEST, TEXTS);
    assertThat(newest.model().version()).isEqualTo(2);
    assertThat(newest.probabilities()).isEqualTo(expected);
  }

  @Test
  void theOneNotUsedForLongestMakesRoom() throws Exception {
    for (int seed = 1; seed <= 3; seed++) {
      register("text", seed);
      server.infer("text", seed, TEXTS);
    }
    assertThat(server.loaded()).extracting(ModelVersion::version).containsExactlyInAnyOrder(2, 3);
    server.infer("text", 1, TEXTS);
    assertThat(server.loaded()).extracting(ModelVersion::version).containsExactlyInAnyOrder(1, 3);
  }

  @Test
  void anUnloadedVersionAnswersUntilItsLeaseEnds() throws Exception {
    float[] expected = register("text", 1);
    try (ModelLease lease = server.lease("text", 1)) {
      server.unload("text", 1);
      assertThat(server.loaded()).isEmpty();
      assertThat(lease.classify(new long[0], new int[0])).isEmpty();
    }
    assertThat(server.infer("text", 1, TEXTS).probabilities()).isEqualTo(expected);
  }

  @Test
  void weightsThatAreNotTheRegisteredOnesAreRefused() throws Exception {
    register("text", 1);
    Path weights = storage.resolve("1").resolve(TextClassifier.WEIGHTS);
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertCorrupt("SHA-256");
    Files.delete(weights);
    assertCorrupt("NoSuchFile");
  }

  private void assertCorrupt(String reason) {
    assertThatThrownBy(() -> server.infer("text", 1, TEXTS))
        .isInstanceOfSatisfying(
            PartitaException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT))
        .hasMessageContaining(reason);
  }

  /** Writes and registers a model; returns what it says about {@link #TEXTS}. */
  private float[] register(String name, int seed) throws Exception {
    List<String> classes = List.of("animal", "food", "feeling");
    Path folder = Files.createDirectories(storage.resolve(Integer.toString(seed)));
    try (BagModel model = BagModel.create(BUCKETS, DIMS, classes.size(), seed);
        TextFeaturizer featurizer = new TextFeaturizer(BUCKETS, 1);
        FeatureBatch features = featurizer.featurize(TEXTS)) {
      String sum = save(model.parameters(), folder.resolve(TextClassifier.WEIGHTS));
      models.register(
          new ModelCandidate(
              name, folder.toUri().toString(), sum, 0.7, 0.6, classes, DIMS, BUCKETS, 9, seed));
      return model.probabilities(features);
    }
  }

  /** The safetensors format by hand: length of the header, header, tensors. */
  private static String save(List<NamedRegion> regions, Path file) throws Exception {
    StringBuilder header = new StringBuilder("{");
    long at = 0;
    for (NamedRegion region : regions) {
      String shape = region.shape().stream().map(String::valueOf).collect(Collectors.joining(","));
      header
          .append(at == 0 ? "" : ",")
          .append('"' + region.name() + "\":{\"dtype\":\"F32\",\"shape\":[" + shape + "],")
          .append("\"data_offsets\":[" + at + "," + (at += region.byteSize()) + "]}");
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      write(channel, length.putLong(json.length).flip());
      write(channel, ByteBuffer.wrap(json));
      for (NamedRegion region : regions) {
        write(channel, region.view(0, Math.toIntExact(region.byteSize())));
      }
    }
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(sum);
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
