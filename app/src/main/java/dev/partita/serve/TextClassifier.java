// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import dev.partita.checkpoint.SafetensorsReader;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.BagModel;
import dev.partita.tensor.FeatureBatch;
import dev.partita.tensor.NamedRegion;
import dev.partita.tensor.TextFeaturizer;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The embedding-bag classifier of texts, ready to answer. Any number of threads. */
final class TextClassifier implements ServedModel {
  static final String WEIGHTS = "model.safetensors";
  private static final int PIECE_BYTES = 1 << 20;

  private final ModelVersion version;
  private final TextFeaturizer featurizer;
  private final BagModel model;

  private TextClassifier(ModelVersion version) {
    this.version = version;
    this.featurizer = new TextFeaturizer(version.buckets(), 1);
    this.model = BagModel.create(version.buckets(), version.dims(), version.classNames().size(), 0);
  }

  /**
   * Reads the weights straight into native memory; the caller closes.
   *
   * @throws PartitaException CHECKPOINT_CORRUPT when they are not the ones that were registered
   */
  static TextClassifier load(ModelVersion version) {
    TextClassifier classifier = new TextClassifier(version);
    Path weights = Path.of(URI.create(version.uri())).resolve(WEIGHTS);
    try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.READ)) {
      checkSum(version, weights, channel);
      SafetensorsReader tensors = SafetensorsReader.open(channel);
      for (NamedRegion region : classifier.model.parameters()) {
        tensors.read(region.name(), region.view(0, Math.toIntExact(region.byteSize())));
      }
      return classifier;
    } catch (IOException | RuntimeException e) {
      classifier.close();
      throw e instanceof PartitaException known && known.code() == ErrorCode.CHECKPOINT_CORRUPT
          ? known
          : new PartitaException(
              ErrorCode.CHECKPOINT_CORRUPT,
              "weights " + weights + " of " + name(version) + " cannot be read: " + e,
              e);
    }
  }

  private static void checkSum(ModelVersion version, Path weights, FileChannel channel)
      throws IOException {
    MessageDigest digest = sha256();
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    while (channel.read(piece.clear()) >= 0) {
      digest.update(piece.flip());
    }
    String sum = HexFormat.of().formatHex(digest.digest());
    if (!sum.equals(version.weightsSha256())) {
      throw new PartitaException(
          ErrorCode.CHECKPOINT_CORRUPT,
          "weights %s of %s have SHA-256 %s, registered was %s"
              .formatted(weights, name(version), sum, version.weightsSha256()));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String name(ModelVersion version) {
    return version.name() + " version " + version.version();
  }

  @Override
  public ModelVersion version() {
    return version;
  }

  @Override
  public long nativeBytes() {
    return model.parameters().stream().mapToLong(NamedRegion::byteSize).sum();
  }

  /** Class probabilities, {@code [texts, classes]}, row-major. */
  float[] probabilities(List<byte[]> utf8) {
    try (FeatureBatch features = featurizer.featurize(utf8)) {
      return model.probabilities(features);
    }
  }

  /** As above, for texts that lie in native memory. */
  float[] probabilities(long[] textAddresses, int[] textBytes) {
    try (FeatureBatch features = featurizer.featurize(textAddresses, textBytes)) {
      return model.probabilities(features);
    }
  }

  @Override
  public void close() {
    model.close();
    featurizer.close();
  }
}
