// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

/** Checks shapes from clients. */
final class TensorShape {
  static final int MAX_RANK = 8;

  private TensorShape() {}

  /**
   * Elements of a tensor of this shape; 1 for rank 0.
   *
   * @throws InvalidRequestException when a dimension is negative, the rank is above {@link
   *     #MAX_RANK} or the product is above {@code limit}
   */
  static int elements(String tensor, long[] shape, int rank, long limit) {
    if (rank > MAX_RANK) {
      throw new InvalidRequestException(
          "input '" + tensor + "' has more than " + MAX_RANK + " dimensions");
    }
    long product = 1;
    boolean empty = false;
    for (int i = 0; i < rank; i++) {
      if (shape[i] < 0) {
        throw new InvalidRequestException(
            "input '" + tensor + "' has the negative dimension " + shape[i]);
      }
      empty |= shape[i] == 0;
    }
    for (int i = 0; i < rank && !empty; i++) {
      if (shape[i] > limit / product) {
        throw new InvalidRequestException(
            "input '" + tensor + "' has a shape of more elements than the request can hold");
      }
      product *= shape[i];
    }
    return empty ? 0 : (int) product;
  }
}
