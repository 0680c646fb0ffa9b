// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The one database, and its rule: all SQL runs in a transaction, on one connection, with one phase.
 * Work joins the transaction of the calling thread; without one, it gets its own.
 */
final class Database {
  private final DataSource source;
  private final TransactionManager transactions;
  private volatile @Nullable Boolean postgresql;

  Database(DataSource source, TransactionManager transactions) {
    this.source = source;
    this.transactions = transactions;
  }

  /** SQL to run; it neither closes the connection nor ends the transaction. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Work that returns nothing. */
  @FunctionalInterface
  interface Update {
    void on(Connection connection) throws SQLException;
  }

  /** Whether it is PostgreSQL, and not H2; asks it, the first time. */
  boolean postgresql() {
    Boolean known = postgresql;
    if (known == null) {
      known = call(c -> c.getMetaData().getDatabaseProductName().equals("PostgreSQL"));
      postgresql = known;
    }
    return known;
  }

  /**
   * An expression, never null, to be evaluated by a statement that locks what other pods wait for:
   * a process that freezes with the lock loses its connection after a few seconds, and the lock
   * with it.
   */
  String releasedWhenFrozen() {
    return postgresql() ? "set_config('idle_in_transaction_session_timeout', '5000', true)" : "''";
  }

  DataSource source() {
    return source;
  }

  /**
   * Runs the work and commits, unless it joined a transaction.
   *
   * @throws PartitaException STORAGE_FAILURE, after a rollback
   */
  <T> T call(Work<T> work) {
    return within(
        () -> {
          try (Connection connection = source.getConnection()) {
            return work.on(connection);
          } catch (SQLException e) {
            throw failure(e);
          }
        });
  }

  void run(Update work) {
    call(
        connection -> {
          work.on(connection);
          return Boolean.TRUE;
        });
  }

  /** As {@link #call}, for work that finds its connection itself. */
  <T> T within(Supplier<T> work) {
    try {
      if (transactions.getStatus() != Status.STATUS_NO_TRANSACTION) {
        return work.get();
      }
      transactions.begin();
    } catch (SystemException | NotSupportedException e) {
      throw failure(e);
    }
    T result;
    try {
      result = work.get();
    } catch (RuntimeException | Error e) {
      rollBack(e);
      throw e;
    }
    try {
      transactions.commit();
    } catch (RollbackException
        | HeuristicMixedException
        | HeuristicRollbackException
        | SystemException e) {
      throw failure(e);
    }
    return result;
  }

  /** Ends a transaction that somebody left open on this thread; true if there was one. */
  boolean rollBackLeftover() {
    try {
      if (transactions.getStatus() == Status.STATUS_NO_TRANSACTION) {
        return false;
      }
      transactions.rollback();
      return true;
    } catch (SystemException e) {
      throw failure(e);
    }
  }

  private void rollBack(Throwable reason) {
    try {
      transactions.rollback();
    } catch (SystemException | IllegalStateException e) {
      reason.addSuppressed(e);
    }
  }

  private static PartitaException failure(Exception e) {
    return new PartitaException(
        ErrorCode.STORAGE_FAILURE, "The database refused: " + e.getMessage(), e);
  }
}
