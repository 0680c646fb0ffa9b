// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.PartitaConfig;
import dev.partita.config.PodClock;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.transaction.TransactionManager;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jberet.repository.JdbcRepository;
import org.jberet.spi.JobOperatorContext;

/** Puts the engine together and binds JBeret to the server. */
final class EngineAssembly {
  private final PartitaConfig config;
  private final JobEvents events;
  private final JobLog log;
  private final BeanManager beans;
  private final Iterable<InstanceData> data;
  private final Cluster cluster;

  EngineAssembly(
      PartitaConfig config,
      JobEvents events,
      JobLog log,
      BeanManager beans,
      Iterable<InstanceData> data,
      Cluster cluster) {
    this.config = config;
    this.events = events;
    this.log = log;
    this.beans = beans;
    this.data = data;
    this.cluster = cluster;
  }

  EngineParts assemble(Executor context, DataSource source) {
    EngineParts parts = assemble(context, source, serverTransactions());
    JobOperatorContext operator = JobOperatorContext.create(new EngineJobOperator(parts));
    JobOperatorContext.setJobOperatorContextSelector(() -> operator);
    return parts;
  }

  EngineParts assemble(Executor context, DataSource source, TransactionManager server) {
    FencingTransactions transactions = new FencingTransactions(server);
    Database database = new Database(source, transactions);
    SchemaRepository.create(database);
    cluster.join(source);
    LeaseRepository leases = new LeaseRepository(database, config.jobs().lease());
    transactions.fenceWith(leases::check, leases::lock);
    events.storeIn(new EventRepository(database));
    StateEvents states = new StateEvents(events, PodClock.source());
    ProgressMarks marks = ProgressMarks.in(config.outputDirectory());
    FencedJobRepository repository =
        new FencedJobRepository(
            database.within(() -> new JdbcRepository(source)),
            database,
            leases,
            states,
            marks,
            cluster);

    JobThreads threads = new JobThreads(context);
    PartitionPlacement placement =
        new PartitionPlacement(
            new PodScheduler(cluster.node(), PodClock.source()),
            threads.partitions(),
            database,
            leases,
            new LeaseKeeper(leases),
            states,
            cluster,
            config.scheduling(),
            new AtomicReference<>());
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    LibertyBatchEnvironment environment =
        new LibertyBatchEnvironment(
            loader,
            new CdiArtifactFactory(beans),
            new AnalyzerTransactions(transactions),
            repository,
            threads.control(),
            placement);
    return new EngineParts(
        database,
        repository,
        new JobRecordRepository(database, config.serverId(), cluster),
        new HistoryRepository(database, log, config, placement.scheduler()),
        environment,
        new JobDefinitions(loader),
        new JslValidator(ArtifactNames.of(beans), config.storageUri()),
        threads,
        new Admission(config.jobs().maxActive(), threads.control()),
        new RunningJobs(),
        states,
        marks,
        data);
  }

  /** Liberty has no standard way to its transaction manager, only this factory. */
  private static TransactionManager serverTransactions() {
    try {
      return (TransactionManager)
          Class.forName("com.ibm.tx.jta.TransactionManagerFactory")
              .getMethod("getTransactionManager")
              .invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new PartitaException(
          ErrorCode.INTERNAL, "The server's transaction manager cannot be reached", e);
    }
  }
}
