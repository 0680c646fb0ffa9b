// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import dev.partita.rest.inference.InferAnswer.Output;
import dev.partita.serve.BenchmarkMlp;
import java.util.List;

/** Asks the benchmarks' perceptron. Input {@code x} FP32 [n, 64]; output {@code y} FP32 [n, 10]. */
final class BenchmarkMlpCall {
  private BenchmarkMlpCall() {}

  static InferAnswer answer(BenchmarkMlp mlp, String model, InferRequest request) {
    if (request.inputs().size() != 1
        || !(request.inputs().get(0).data() instanceof Tensor.Floats rows)) {
      throw new InvalidRequestException("the model takes one input, 'x' of FP32");
    }
    long[] shape = request.inputs().get(0).shape();
    if (shape.length != 2 || shape[1] != BenchmarkMlp.INPUTS || shape[0] < 1) {
      throw new InvalidRequestException(
          "input 'x' must have the shape [n," + BenchmarkMlp.INPUTS + "]");
    }
    float[] logits = mlp.logits(rows.values());
    Output output =
        new Output(
            "y",
            new long[] {shape[0], BenchmarkMlp.OUTPUTS},
            new InferAnswer.Floats(logits),
            request.binaryOutputs());
    return new InferAnswer(model, "1", request.id(), List.of(output));
  }
}
