// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.transaction.TransactionManager;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jberet.repository.JobRepository;
import org.jberet.spi.ArtifactFactory;
import org.jberet.spi.BatchEnvironment;
import org.jberet.spi.JobTask;
import org.jberet.spi.JobXmlResolver;

/**
 * JBeret's view of the server.
 *
 * @param control runs flows of a split: their parent waits for them, so they never wait themselves
 */
record LibertyBatchEnvironment(
    ClassLoader loader,
    ArtifactFactory artifacts,
    TransactionManager transactions,
    JobRepository repository,
    Executor control,
    PartitionPlacement partitions)
    implements BatchEnvironment {

  @Override
  public ClassLoader getClassLoader() {
    return loader;
  }

  @Override
  public ArtifactFactory getArtifactFactory() {
    return artifacts;
  }

  @Override
  public void submitTask(JobTask task) {
    control.execute(task);
  }

  @Override
  public TransactionManager getTransactionManager() {
    return transactions;
  }

  @Override
  public JobRepository getJobRepository() {
    return repository;
  }

  @Override
  public JobXmlResolver getJobXmlResolver() {
    return JobDefinitions.RESOLVER;
  }

  @Override
  public Properties getBatchConfigurationProperties() {
    return new Properties();
  }

  @Override
  public String getApplicationName() {
    return "partita";
  }
}
