// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

/**
 * Keys {@code partita.serve.*}.
 *
 * @param maxBatchTexts texts computed at once, and the most one request may bring
 * @param maxQueuedTexts texts that wait for a batch; more are refused
 * @param maxLoadedModels model versions in memory; the one not used for longest makes room
 * @param benchmarkMlp whether the model {@code mlp} answers, for measurements
 */
public record ServeConfig(
    int maxBatchTexts, int maxQueuedTexts, int maxLoadedModels, boolean benchmarkMlp) {

  static ServeConfig read(ConfigReader keys) {
    return new ServeConfig(
        keys.integer("partita.serve.max-batch-texts", 1, 65_536),
        keys.integer("partita.serve.max-queued-texts", 1, 1_048_576),
        keys.integer("partita.serve.max-loaded-models", 1, 1_024),
        keys.flag("partita.serve.benchmark-mlp"));
  }
}
