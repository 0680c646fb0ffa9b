// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import java.util.List;

/**
 * What a dataset consists of. A dataset exists from the moment its manifest is committed as a row;
 * files without one are garbage.
 *
 * @param id name of the content: the source and a hash of every text, so equal content has equal
 *     ids
 * @param uri folder of the shards, ends with a slash
 * @param classNames the index is the label
 * @param equalTexts texts that another text equals after lower-casing
 * @param movedTexts those of them that changed sides so that equal texts share one
 * @param shards training shards first, then the held-out one; rows are numbered in this order
 */
public record DatasetManifest(
    String id,
    String source,
    String uri,
    List<String> classNames,
    int equalTexts,
    int movedTexts,
    List<ShardEntry> shards) {

  public DatasetManifest {
    classNames = List.copyOf(classNames);
    shards = List.copyOf(shards);
  }

  public int texts() {
    return shards.stream().mapToInt(ShardEntry::texts).sum();
  }

  /** Rows {@code [0, trainTexts)} are for training, {@code [trainTexts, texts)} are held out. */
  public int trainTexts() {
    return shards.stream().filter(shard -> !shard.heldOut()).mapToInt(ShardEntry::texts).sum();
  }

  public int heldOutTexts() {
    return texts() - trainTexts();
  }
}
