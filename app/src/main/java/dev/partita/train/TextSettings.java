// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.GradientMerge;

/**
 * The parameters of text training, checked.
 *
 * @param globalBatch texts per iteration, of all ranks together
 * @param microShards parts of a global batch whose gradients are summed in a fixed tree; the ranks
 *     share them, so the sum does not depend on the number of ranks
 * @param learningRate at the first iteration; falls linearly to 0
 * @param buckets rows of the embedding, a power of two
 */
record TextSettings(
    int epochs,
    int globalBatch,
    int microShards,
    double learningRate,
    double weightDecay,
    int dims,
    int buckets,
    long seed,
    DenseReduce denseReduce) {
  /** How pods sum the gradients of the head. */
  enum DenseReduce {
    /** Each micro-shard's goes to every pod: the bits of one pod. */
    EXACT,
    /** One sum per pod goes over Gloo: equal to one pod's up to rounding. */
    GLOO
  }

  static TextSettings of(Parameters parameters, int ranks) {
    TextSettings settings =
        new TextSettings(
            parameters.integer("epochs", 1, 1_000),
            parameters.integer("globalBatch", 1, 1 << 16),
            parameters.integer("microShards", 1, GradientMerge.MAX_SHARDS),
            parameters.number("learningRate", 0, 10),
            parameters.number("weightDecay", 0, 1),
            parameters.integer("dims", 1, 1_024),
            parameters.integer("buckets", 2, 1 << 22),
            parameters.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
            denseReduce(parameters.text("denseReduce", "exact")));
    if (Integer.bitCount(settings.buckets) != 1) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "job parameter buckets=" + settings.buckets + ": a power of two is needed");
    }
    if (ranks > settings.microShards) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "job parameter ranks=" + ranks + ": more than microShards=" + settings.microShards);
    }
    return settings;
  }

  private static DenseReduce denseReduce(String word) {
    return switch (word) {
      case "exact" -> DenseReduce.EXACT;
      case "gloo" -> DenseReduce.GLOO;
      default ->
          throw new PartitaException(
              ErrorCode.INVALID_ARGUMENT,
              "job parameter denseReduce=" + word + ": exact or gloo is needed");
    };
  }
}
