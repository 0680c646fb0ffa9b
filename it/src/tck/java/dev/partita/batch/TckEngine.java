// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.PartitaConfig;
import dev.partita.config.TestConfig;
import jakarta.enterprise.inject.spi.BeanManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jberet.spi.JobOperatorContext;

/**
 * Our engine without a server: in this package, because it is put together there. Whoever asks
 * {@code BatchRuntime} for an operator gets its.
 */
public final class TckEngine {
  private final DataSource database;
  private final LocalTransactions transactions;
  private final Path directory;
  private final BeanManager beans;

  /**
   * @param database gives connections that commit by themselves
   * @param directory for its files
   * @param beans where artifacts are looked for
   */
  public TckEngine(DataSource database, Path directory, BeanManager beans) {
    this.database = database;
    this.transactions = new LocalTransactions(database);
    this.directory = directory;
    this.beans = beans;
  }

  /** One pod: partitions are threads, placed by {@link PodPartitionHandler}. */
  public void startAlone() {
    PartitaConfig config = TestConfig.in(directory);
    operate(assemble(config, new AlonePod(Places.offered(16, 0, 1L << 30, 16, 16))));
  }

  /**
   * Two pods in this JVM, that lose every doorbell: partitions are rows, posted by {@link
   * PostingPartitionHandler} for whichever pod takes them first. The operator is the first one's.
   */
  public void startTwoPods() {
    EngineParts first = pod("a");
    pod("b");
    operate(first);
  }

  private EngineParts pod(String id) {
    PartitaConfig config =
        TestConfig.with(
            directory, Map.of("partita.cluster.poll", "PT0.02S", "partita.server.id", id));
    EngineParts engine = assemble(config, new TestPod(database, id));
    SharedEngine shared = new SharedEngine(engine, config);
    background(shared::leadForever);
    background(shared::workForever);
    background(shared::ownForever);
    return engine;
  }

  private EngineParts assemble(PartitaConfig config, Cluster cluster) {
    JobLog log = new JobLog(config);
    JobEvents events = new JobEvents(log);
    background(events::storeForever);
    return new EngineAssembly(config, events, log, beans, List.of(), cluster)
        .assemble(Runnable::run, transactions.source(), transactions);
  }

  private static void operate(EngineParts engine) {
    JobOperatorContext operator = JobOperatorContext.create(new EngineJobOperator(engine));
    JobOperatorContext.setJobOperatorContextSelector(() -> operator);
  }

  private static void background(Runnable loop) {
    Thread thread = new Thread(loop);
    thread.setDaemon(true);
    thread.start();
  }
}
