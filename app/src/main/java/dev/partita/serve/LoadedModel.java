// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import dev.partita.config.ServeConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A classifier in memory, with its users counted: it is closed when the last one lets go. */
final class LoadedModel {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TextClassifier classifier;
  private final ComputeTime time;
  private final MicroBatcher<byte[]> batcher;
  // The server itself is the first user; at 0 the classifier is closed and stays so.
  private final AtomicInteger users = new AtomicInteger(1);
  private volatile long lastUsedNanos = System.nanoTime();

  LoadedModel(TextClassifier classifier, ServeConfig config, ComputeTime time) {
    this.classifier = classifier;
    this.time = time;
    this.batcher =
        new MicroBatcher<>(
            config.maxBatchTexts(),
            config.maxQueuedTexts(),
            PATIENCE,
            texts -> time.measure(texts.size(), () -> classifier.probabilities(texts)));
  }

  ModelVersion version() {
    return classifier.version();
  }

  /** Computes on the calling thread, past the queue; texts lie in native memory. */
  Inference compute(long[] textAddresses, int[] textBytes) {
    return new Inference(
        version(),
        time.measure(
            textAddresses.length, () -> classifier.probabilities(textAddresses, textBytes)));
  }

  Inference infer(List<byte[]> utf8) {
    return new Inference(version(), batcher.submit(utf8));
  }

  int queued() {
    return batcher.queued();
  }

  long lastUsedNanos() {
    return lastUsedNanos;
  }

  /** Counts one more user; false when it is closed already. Each true needs a {@link #release}. */
  boolean retain() {
    lastUsedNanos = System.nanoTime();
    return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      classifier.close();
    }
  }
}
