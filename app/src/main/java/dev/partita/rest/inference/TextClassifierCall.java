// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import dev.partita.rest.inference.InferAnswer.Output;
import dev.partita.rest.inference.InferRequest.RequestedOutput;
import dev.partita.serve.Inference;
import dev.partita.serve.ModelServer;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a text classifier. Input {@code text} BYTES [n]; outputs {@code label} BYTES [n] and {@code
 * probabilities} FP32 [n, classes], and on request {@code classes} BYTES [classes], the names of
 * the columns.
 */
final class TextClassifierCall {
  static final String INPUT = "text";
  static final String LABEL = "label";
  static final String PROBABILITIES = "probabilities";
  static final String CLASSES = "classes";
  private static final List<RequestedOutput> USUAL =
      List.of(new RequestedOutput(LABEL, false), new RequestedOutput(PROBABILITIES, false));

  private TextClassifierCall() {}

  static InferAnswer answer(ModelServer models, String model, int version, InferRequest request) {
    for (RequestedOutput output : request.outputs()) {
      if (!List.of(LABEL, PROBABILITIES, CLASSES).contains(output.name())) {
        throw new InvalidRequestException("the model has no output '" + output.name() + "'");
      }
    }
    Inference inference = models.infer(model, version, texts(request));
    List<Output> outputs = new ArrayList<>(2);
    for (RequestedOutput wanted : request.outputs().isEmpty() ? USUAL : request.outputs()) {
      outputs.add(output(wanted.name(), wanted.binary() || request.binaryOutputs(), inference));
    }
    return new InferAnswer(
        model, Integer.toString(inference.model().version()), request.id(), outputs);
  }

  private static List<byte[]> texts(InferRequest request) {
    if (request.inputs().size() != 1) {
      throw new InvalidRequestException("the model takes one input, '" + INPUT + "'");
    }
    Tensor input = request.inputs().get(0);
    if (!input.name().equals(INPUT) || !(input.data() instanceof Tensor.Texts texts)) {
      throw new InvalidRequestException(
          "the model takes input '"
              + INPUT
              + "' of BYTES, not '"
              + input.name()
              + "' of "
              + input.datatype());
    }
    long[] shape = input.shape();
    boolean column = shape.length == 2 && shape[1] == 1;
    if (shape.length != 1 && !column) {
      throw new InvalidRequestException("input '" + INPUT + "' must have the shape [n] or [n,1]");
    }
    if (texts.utf8().isEmpty()) {
      throw new InvalidRequestException("input '" + INPUT + "' holds no text");
    }
    return texts.utf8();
  }

  private static Output output(String name, boolean binary, Inference inference) {
    int count = inference.count();
    List<String> classes = inference.model().classNames();
    return switch (name) {
      case LABEL -> {
        List<String> labels = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          labels.add(inference.best(i).className());
        }
        yield new Output(name, new long[] {count}, new InferAnswer.Texts(labels), binary);
      }
      case CLASSES ->
          new Output(name, new long[] {classes.size()}, new InferAnswer.Texts(classes), binary);
      default ->
          new Output(
              name,
              new long[] {count, classes.size()},
              new InferAnswer.Floats(inference.probabilities()),
              binary);
    };
  }
}
