// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A multilayer perceptron with one hidden layer: {@code logits = relu(x W₁ᵀ + b₁) W₂ᵀ + b₂},
 * float32. Any number of threads may ask it at once. The opener closes it, after the last question.
 */
public final class MlpModel implements AutoCloseable {
  private final int inputs;
  private final int outputs;
  private final NativeBlock memory;
  private final Tensor weight1;
  private final Tensor weight2;
  private final TensorOptional bias1;
  private final TensorOptional bias2;

  private MlpModel(int inputs, int hidden, int outputs, NativeBlock memory) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.memory = memory;
    long at = 0;
    weight1 = Torch.float32(memory.floats(at), hidden, inputs);
    at += (long) hidden * inputs;
    bias1 = bias(at, hidden);
    at += hidden;
    weight2 = Torch.float32(memory.floats(at), outputs, hidden);
    at += (long) outputs * hidden;
    bias2 = bias(at, outputs);
  }

  private TensorOptional bias(long at, int length) {
    try (Tensor view = Torch.float32(memory.floats(at), length)) {
      return new TensorOptional(view);
    }
  }

  /** With weights uniform within ± 1/√inputs; the same seed gives the same bits. */
  public static MlpModel create(int inputs, int hidden, int outputs, long seed) {
    Torch.load();
    long count = (long) hidden * inputs + hidden + (long) outputs * hidden + outputs;
    NativeBlock memory = NativeBlock.ofFloats(count);
    float range = (float) (1 / Math.sqrt(inputs));
    CoreStatus.check(PartitaCore.ptc_fill_uniform(memory.floats(0), count, seed, -range, range));
    return new MlpModel(inputs, hidden, outputs, memory);
  }

  /** Length of one row of input. */
  public int inputs() {
    return inputs;
  }

  /** Length of one row of output. */
  public int outputs() {
    return outputs;
  }

  /**
   * The logits, {@code [rows, outputs]}, row-major.
   *
   * @param values {@code [rows, inputs]}, row-major
   */
  @SuppressWarnings("try") // the scope is there to be closed
  public float[] logits(float[] values) {
    if (values.length == 0 || values.length % inputs != 0) {
      throw new IllegalArgumentException(values.length + " values are no rows of " + inputs);
    }
    int rows = values.length / inputs;
    try (PointerScope scope = new PointerScope();
        AutoGradMode off = new AutoGradMode(false)) {
      Tensor x = Torch.float32(new FloatPointer(values), rows, inputs);
      Tensor hidden = torch.relu_(torch.linear(x, weight1, bias1));
      float[] logits = new float[rows * outputs];
      torch.linear(hidden, weight2, bias2).data_ptr_float().get(logits);
      return logits;
    } catch (RuntimeException e) {
      throw CoreStatus.torchFailure("the answer of a perceptron failed", e);
    }
  }

  @Override
  public void close() {
    weight1.close();
    weight2.close();
    bias1.close();
    bias2.close();
    memory.close();
  }
}
