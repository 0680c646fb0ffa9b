// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.work;

import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers from 0 to {@code count} of a partition, each after {@code millis} of work. The
 * checkpoint is the next number, as text.
 */
@Named
@Dependent
public class NumberReader extends AbstractItemReader {
  private final int count;
  private final int millis;
  private int next;

  @Inject
  public NumberReader(
      @BatchProperty(name = "count") String count, @BatchProperty(name = "millis") String millis) {
    this.count = Integer.parseInt(count);
    this.millis = Integer.parseInt(millis);
  }

  @Override
  public void open(@Nullable Serializable checkpoint) {
    next = checkpoint == null ? 0 : Integer.parseInt(checkpoint.toString());
  }

  @Override
  public @Nullable Object readItem() throws InterruptedException {
    if (next == count) {
      return null;
    }
    Thread.sleep(millis);
    return next++;
  }

  @Override
  public Serializable checkpointInfo() {
    return Integer.toString(next);
  }
}
