// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.batch.api.partition.AbstractPartitionAnalyzer;
import jakarta.batch.api.partition.PartitionCollector;
import jakarta.inject.Inject;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The artifacts of engine-copy.xml and engine-call.xml. */
public final class EngineArtifacts {
  static final int PER_PARTITION = 100;

  /** Where rows go, for the engine that runs on this thread's context. */
  static volatile @Nullable DataSource target;

  /**
   * Called between two chunks, outside any transaction, with the next number of the partition; a
   * test may hold the partition here.
   */
  static volatile IntConsumer betweenChunks = number -> {};

  /** What the batchlet does; it commits nothing. */
  static volatile Callable<String> call = () -> "";

  /** Called when a reader is opened, with the number it goes on at, inside a transaction. */
  static volatile IntConsumer atOpen = number -> {};

  /** First number read by each reader that was opened, by where its partition begins. */
  static final ConcurrentMap<Integer, Integer> openedAt = new ConcurrentHashMap<>();

  /** How often a reader was opened. */
  static final AtomicInteger opened = new AtomicInteger();

  private static final ThreadLocal<Integer> NEXT = ThreadLocal.withInitial(() -> 0);

  private EngineArtifacts() {}

  /** Reads {@link #PER_PARTITION} numbers, from {@code from} on. */
  public static final class Numbers extends AbstractItemReader {
    @Inject
    @BatchProperty(name = "from")
    private int from;

    private int next;

    @Override
    public void open(@Nullable Serializable checkpoint) {
      next = checkpoint == null ? from : Integer.parseInt((String) checkpoint);
      openedAt.put(from, next);
      opened.incrementAndGet();
      atOpen.accept(next);
    }

    @Override
    public @Nullable Object readItem() {
      return next < from + PER_PARTITION ? next++ : null;
    }

    @Override
    public Serializable checkpointInfo() {
      NEXT.set(next);
      return Integer.toString(next);
    }
  }

  /** Writes numbers into table COPIED. */
  public static final class Rows extends AbstractItemWriter {
    @Override
    public void writeItems(List<Object> numbers) throws Exception {
      DataSource source = target;
      if (source == null) {
        throw new IllegalStateException("no target");
      }
      try (Connection connection = source.getConnection();
          PreparedStatement insert = connection.prepareStatement("INSERT INTO COPIED VALUES (?)")) {
        for (Object number : numbers) {
          insert.setInt(1, (Integer) number);
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
  }

  /** Does what the test says. */
  public static final class Call extends AbstractBatchlet {
    @Override
    public String process() throws Exception {
      return call.call();
    }
  }

  /** How often the analyzer was told something by a collector. */
  static final AtomicInteger analyzed = new AtomicInteger();

  /** Counts what collectors said. */
  public static final class Analyzed extends AbstractPartitionAnalyzer {
    @Override
    public void analyzeCollectorData(Serializable data) {
      analyzed.incrementAndGet();
    }
  }

  /** JBeret calls it after each commit. */
  public static final class Between implements PartitionCollector {
    @Override
    public Serializable collectPartitionData() {
      betweenChunks.accept(NEXT.get());
      return "";
    }
  }
}
