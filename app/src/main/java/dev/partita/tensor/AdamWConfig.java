// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

/**
 * Constants of AdamW (Loshchilov and Hutter, 2019).
 *
 * @param beta1 decay of the first moment, 0 to below 1
 * @param beta2 decay of the second moment, 0 to below 1
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled; multiplied with the learning rate; never applied to biases
 */
public record AdamWConfig(float beta1, float beta2, float epsilon, float weightDecay) {
  /** The usual constants, without weight decay. */
  public static final AdamWConfig DEFAULT = new AdamWConfig(0.9f, 0.999f, 1e-8f, 0f);

  public AdamWConfig withWeightDecay(float decay) {
    return new AdamWConfig(beta1, beta2, epsilon, decay);
  }
}
