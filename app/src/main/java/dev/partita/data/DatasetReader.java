// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import java.util.List;

/**
 * The texts of a dataset in mapped memory, by global row: training rows first, then the held-out
 * ones. Safe for any number of threads; addresses are valid until it is closed.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class DatasetReader implements AutoCloseable {
  private final DatasetManifest manifest;

  private DatasetReader(DatasetManifest manifest) {
    this.manifest = manifest;
  }

  /**
   * Maps every shard after checking its size and checksum.
   *
   * @throws dev.partita.error.PartitaException STORAGE_FAILURE naming the file that does not match
   */
  public static DatasetReader open(DatasetManifest manifest) {
    return new DatasetReader(manifest);
  }

  public DatasetManifest manifest() {
    return manifest;
  }

  public int texts() {
    return manifest.texts();
  }

  public int trainTexts() {
    return manifest.trainTexts();
  }

  public List<String> classNames() {
    return manifest.classNames();
  }

  public int label(int row) {
    throw new UnsupportedOperationException("row " + row);
  }

  /** Where the text's UTF-8 begins in native memory. */
  public long textAddress(int row) {
    throw new UnsupportedOperationException("row " + row);
  }

  public int textBytes(int row) {
    throw new UnsupportedOperationException("row " + row);
  }

  /** The text's id in its source. */
  public String id(int row) {
    throw new UnsupportedOperationException("row " + row);
  }

  /** The text itself, copied to the heap: for people, not for training. */
  public String text(int row) {
    throw new UnsupportedOperationException("row " + row);
  }

  @Override
  public void close() {}
}
