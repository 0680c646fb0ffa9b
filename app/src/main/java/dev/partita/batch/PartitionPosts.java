// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jberet.runtime.JobExecutionImpl;
import org.jberet.runtime.PartitionExecutionImpl;

/**
 * Partitions of one step on their way into the database: their rows are made and they are posted
 * many in a transaction. The step's own thread.
 */
final class PartitionPosts {
  private static final int MOST = 128;

  private final PostingPlace place;
  private final List<PartitionExecutionImpl> made = new ArrayList<>();
  private final Map<PostedPartition, byte[]> posts = new LinkedHashMap<>();

  PartitionPosts(PostingPlace place) {
    this.place = place;
  }

  /** Its rows are to be made. */
  void make(PartitionExecutionImpl partition) {
    made.add(partition);
  }

  /** It is to be posted; its rows are there or to be made. */
  void post(PostedPartition work, byte[] step) {
    posts.put(work, step);
  }

  boolean none() {
    return made.isEmpty() && posts.isEmpty();
  }

  boolean full() {
    return made.size() >= MOST || posts.size() >= MOST;
  }

  /** Those to be posted. */
  List<PartitionKey> waiting() {
    return posts.keySet().stream().map(PostedPartition::key).toList();
  }

  /**
   * Posts all of them, or none.
   *
   * @param first is done before, in the same transaction
   */
  void store(JobExecutionImpl job, Runnable first) {
    FencedJobRepository rows = place.repository();
    try {
      rows.addPartitionExecutions(
          job,
          made,
          () -> {
            first.run();
            place.work().post(posts, place.cluster().application());
          });
    } catch (RuntimeException e) {
      if (!DatabaseLoss.causes(e)) {
        // Without rows a restart would know nothing of them.
        rows.addPartitionExecutions(job, made, () -> {});
      }
      throw e;
    } finally {
      made.clear();
      posts.clear();
    }
  }
}
