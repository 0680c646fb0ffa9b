// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import java.util.List;

/**
 * A request as far as it was understood.
 *
 * @param id echoed in the answer; empty when none was given
 * @param outputs in the order asked for; empty means the model's usual ones
 * @param binaryOutputs whether outputs that say nothing else are sent as raw bytes
 */
record InferRequest(
    String id, List<Tensor> inputs, List<RequestedOutput> outputs, boolean binaryOutputs) {

  /** One output asked for by name. */
  record RequestedOutput(String name, boolean binary) {}
}
