// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.InvalidTransactionException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.util.function.Consumer;

/**
 * The server's transaction manager, with one addition: on a thread that holds a partition, every
 * transaction begins by locking the partition's lease, so that a holder that was taken over cannot
 * commit anything.
 */
final class FencingTransactions implements TransactionManager {
  private final TransactionManager server;
  private volatile Consumer<PartitionClaim> lock = claim -> {};

  FencingTransactions(TransactionManager server) {
    this.server = server;
  }

  /** Set once, before the first job; throws when the claim is lost. */
  void lockWith(Consumer<PartitionClaim> leaseLock) {
    lock = leaseLock;
  }

  @Override
  public void begin() throws NotSupportedException, SystemException {
    server.begin();
    PartitionClaim claim = PartitionClaim.ofThisThread();
    if (claim != null) {
      try {
        lock.accept(claim);
      } catch (RuntimeException e) {
        server.rollback();
        throw e;
      }
    }
  }

  @Override
  public void commit()
      throws RollbackException,
          HeuristicMixedException,
          HeuristicRollbackException,
          SystemException {
    server.commit();
  }

  @Override
  public void rollback() throws SystemException {
    server.rollback();
  }

  @Override
  public int getStatus() throws SystemException {
    return server.getStatus();
  }

  @Override
  public Transaction getTransaction() throws SystemException {
    return server.getTransaction();
  }

  @Override
  public void setRollbackOnly() throws SystemException {
    server.setRollbackOnly();
  }

  @Override
  public void setTransactionTimeout(int seconds) throws SystemException {
    server.setTransactionTimeout(seconds);
  }

  @Override
  public Transaction suspend() throws SystemException {
    return server.suspend();
  }

  @Override
  public void resume(Transaction transaction) throws InvalidTransactionException, SystemException {
    server.resume(transaction);
  }
}
