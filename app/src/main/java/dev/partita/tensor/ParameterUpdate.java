// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import org.jspecify.annotations.Nullable;

/**
 * One tensor of an optimizer; all arrays are as long as the weight and stay the caller's.
 *
 * @param weight float32, updated
 * @param m float32 first moment or momentum, updated; begins with zeros
 * @param v float32 second moment, updated; AdamW alone has one
 * @param gradient float32, bfloat16 or float16, possibly scaled
 * @param narrowWeight receives the new weight in bfloat16, if there is one
 * @param weightDecay decoupled: {@code weight *= 1 - learningRate * weightDecay}
 */
public record ParameterUpdate(
    NativeArray weight,
    NativeArray m,
    @Nullable NativeArray v,
    NativeArray gradient,
    @Nullable NativeArray narrowWeight,
    float weightDecay) {
  public ParameterUpdate {
    long count = weight.count();
    weight.require(DataType.FLOAT32, count);
    m.require(DataType.FLOAT32, count);
    if (v != null) {
      v.require(DataType.FLOAT32, count);
    }
    gradient.require(gradient.type(), count);
    if (gradient.type() == DataType.INT8) {
      throw new IllegalArgumentException("gradients are float32, bfloat16 or float16");
    }
    if (narrowWeight != null) {
      narrowWeight.require(DataType.BFLOAT16, count);
    }
  }
}
