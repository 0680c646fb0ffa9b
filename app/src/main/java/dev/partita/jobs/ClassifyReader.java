// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows {@code [from, to)} of the dataset, as numbers: the texts stay in native memory.
 * The checkpoint is the next row, as text.
 */
@Named
@Dependent
public class ClassifyReader extends AbstractItemReader {
  private final int from;
  private final int end;
  private int next;

  @Inject
  public ClassifyReader(
      @BatchProperty(name = "from") String from, @BatchProperty(name = "to") String to) {
    this.from = Integer.parseInt(from);
    this.end = Integer.parseInt(to);
  }

  @Override
  public void open(@Nullable Serializable checkpoint) {
    next = checkpoint == null ? from : Integer.parseInt(checkpoint.toString());
  }

  @Override
  public @Nullable Integer readItem() {
    return next < end ? next++ : null;
  }

  @Override
  public Serializable checkpointInfo() {
    return Integer.toString(next);
  }
}
