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

/** Passes everything on to another manager; a subclass says what it does beside. */
class PassingTransactions implements TransactionManager {
  private final TransactionManager next;

  PassingTransactions(TransactionManager next) {
    this.next = next;
  }

  @Override
  public void begin() throws NotSupportedException, SystemException {
    next.begin();
  }

  @Override
  public void commit()
      throws RollbackException,
          HeuristicMixedException,
          HeuristicRollbackException,
          SystemException {
    next.commit();
  }

  @Override
  public void rollback() throws SystemException {
    next.rollback();
  }

  @Override
  public int getStatus() throws SystemException {
    return next.getStatus();
  }

  @Override
  public Transaction getTransaction() throws SystemException {
    return next.getTransaction();
  }

  @Override
  public void setRollbackOnly() throws SystemException {
    next.setRollbackOnly();
  }

  @Override
  public void setTransactionTimeout(int seconds) throws SystemException {
    next.setTransactionTimeout(seconds);
  }

  @Override
  public Transaction suspend() throws SystemException {
    return next.suspend();
  }

  @Override
  public void resume(Transaction transaction) throws InvalidTransactionException, SystemException {
    next.resume(transaction);
  }
}
