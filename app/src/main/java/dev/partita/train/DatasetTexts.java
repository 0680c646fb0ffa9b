// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.data.DatasetManifest;
import dev.partita.data.DatasetReader;

/** One side of a dataset: the texts to train on, or those held out. */
public final class DatasetTexts implements TrainingTexts {
  private final DatasetReader reader;
  private final int first;
  private final int size;

  private DatasetTexts(DatasetReader reader, int first, int size) {
    this.reader = reader;
    this.first = first;
    this.size = size;
  }

  /** Opens the training side. */
  public static DatasetTexts toTrain(DatasetManifest manifest) {
    DatasetReader reader = DatasetReader.open(manifest);
    return new DatasetTexts(reader, 0, reader.trainTexts());
  }

  /** Opens the side that no training has seen. */
  public static DatasetTexts heldOut(DatasetManifest manifest) {
    DatasetReader reader = DatasetReader.open(manifest);
    return new DatasetTexts(reader, reader.trainTexts(), reader.texts() - reader.trainTexts());
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int classes() {
    return reader.classNames().size();
  }

  @Override
  public int label(int row) {
    return reader.label(first + row);
  }

  @Override
  public long address(int row) {
    return reader.textAddress(first + row);
  }

  @Override
  public int length(int row) {
    return reader.textBytes(first + row);
  }

  @Override
  public void close() {
    reader.close();
  }
}
