// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

/** Labelled texts in native memory, by row from 0; any thread; valid until closed. */
public interface TrainingTexts extends AutoCloseable {
  /** Number of rows. */
  int size();

  /** Labels are 0 to classes - 1. */
  int classes();

  int label(int row);

  /** Where the row's UTF-8 begins. */
  long address(int row);

  /** Length of the row's UTF-8 in bytes. */
  int length(int row);

  @Override
  void close();
}
