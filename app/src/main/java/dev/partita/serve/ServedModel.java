// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

/**
 * A model version in memory. Each kind answers its own sort of input; all are closed by the server.
 */
sealed interface ServedModel extends AutoCloseable permits TextClassifier {
  ModelVersion version();

  /** Native memory of its weights. */
  long nativeBytes();

  @Override
  void close();
}
