// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * The texts of a dataset in mapped memory, by global row: training rows first, then the held-out
 * ones. Safe for any number of threads; addresses are valid until it is closed.
 */
public final class DatasetReader implements AutoCloseable {
  private final DatasetManifest manifest;
  private final BufferAllocator memory = new RootAllocator();
  private final List<MappedShard> shards = new ArrayList<>();
  private final int[] firstRows;

  private DatasetReader(DatasetManifest manifest) {
    this.manifest = manifest;
    this.firstRows = new int[manifest.shards().size() + 1];
    Path folder = Path.of(URI.create(manifest.uri()));
    try {
      for (int i = 0; i < manifest.shards().size(); i++) {
        shards.add(MappedShard.open(folder, manifest.shards().get(i), memory));
        firstRows[i + 1] = firstRows[i] + shards.get(i).texts();
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
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
    return firstRows[firstRows.length - 1];
  }

  public int trainTexts() {
    return manifest.trainTexts();
  }

  public List<String> classNames() {
    return manifest.classNames();
  }

  public int label(int row) {
    int shard = shardOf(row);
    return shards.get(shard).label(row - firstRows[shard]);
  }

  /** Where the text's UTF-8 begins in native memory. */
  public long textAddress(int row) {
    int shard = shardOf(row);
    return shards.get(shard).textAddress(row - firstRows[shard]);
  }

  public int textBytes(int row) {
    int shard = shardOf(row);
    return shards.get(shard).textBytes(row - firstRows[shard]);
  }

  /** The text's id in its source. */
  public String id(int row) {
    int shard = shardOf(row);
    return new String(shards.get(shard).id(row - firstRows[shard]), StandardCharsets.UTF_8);
  }

  /** The text itself, copied to the heap: for people, not for training. */
  public String text(int row) {
    int shard = shardOf(row);
    return new String(shards.get(shard).text(row - firstRows[shard]), StandardCharsets.UTF_8);
  }

  private int shardOf(int row) {
    if (row < 0 || row >= texts()) {
      throw new IndexOutOfBoundsException("row " + row + " of " + texts() + " texts");
    }
    int shard = 0;
    while (row >= firstRows[shard + 1]) {
      shard++;
    }
    return shard;
  }

  @Override
  public void close() {
    shards.forEach(MappedShard::close);
    shards.clear();
    memory.close();
  }
}
