// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.util.function.BooleanSupplier;

/**
 * Writes sets of tensor files into folders of a {@link BlobStore}, one set at a time: {@link
 * #begin}, {@link #await}, {@link #commit}. A set without a manifest is garbage. {@code begin} is
 * called while no set is in the air; all methods by one thread at a time.
 */
interface SetWriter extends AutoCloseable {
  /**
   * A set that is there.
   *
   * @param bytes size of its files without the manifest
   * @param manifestCrc32c eight hexadecimal digits
   */
  record Committed(long bytes, String manifestCrc32c) {}

  /** Does beforehand what would make the first {@link #begin} slow. */
  void prepare();

  /**
   * Takes the tensors as they are now for a set in {@code folder}, and returns; nobody may change
   * them meanwhile.
   */
  void begin(URI folder);

  /**
   * Waits until the bytes of all files survive a crash.
   *
   * @return false if {@code abandoned} turned true before; what was written is garbage then
   */
  boolean await(BooleanSupplier abandoned) throws IOException;

  /** Writes the manifest; when this returns, the set survives a crash. */
  Committed commit() throws IOException;

  @Override
  void close();
}
