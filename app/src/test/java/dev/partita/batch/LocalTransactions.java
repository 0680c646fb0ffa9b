// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.transaction.InvalidTransactionException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * What Liberty does for us, in little: a transaction belongs to a thread and has one connection. A
 * second connection in one transaction is an error here as there.
 */
final class LocalTransactions implements TransactionManager {
  private static final ThreadLocal<@Nullable Open> CURRENT = new ThreadLocal<>();

  private final DataSource database;
  private final List<List<String>> committed = new ArrayList<>();
  final AtomicInteger withoutTransaction = new AtomicInteger();

  LocalTransactions(DataSource database) {
    this.database = database;
  }

  private static final class Open implements Transaction {
    @Nullable Connection connection;
    final List<String> statements = new ArrayList<>();

    @Override
    public int getStatus() {
      return Status.STATUS_ACTIVE;
    }

    @Override
    public void commit() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void rollback() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setRollbackOnly() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean delistResource(XAResource resource, int flag) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean enlistResource(XAResource resource) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void registerSynchronization(Synchronization synchronization) {
      throw new UnsupportedOperationException();
    }
  }

  /** The statements of each committed transaction. */
  List<List<String>> committed() {
    synchronized (committed) {
      return List.copyOf(committed);
    }
  }

  /** Gives the connection of the calling thread's transaction. */
  DataSource source() {
    return (DataSource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getConnection")) {
                return connection();
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  private Connection connection() throws SQLException {
    Open open = CURRENT.get();
    if (open == null) {
      withoutTransaction.incrementAndGet();
      return database.getConnection();
    }
    Connection connection = open.connection;
    if (connection == null) {
      connection = database.getConnection();
      connection.setAutoCommit(false);
      open.connection = connection;
    }
    Connection real = connection;
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              if (method.getName().equals("prepareStatement")) {
                open.statements.add((String) arguments[0]);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Override
  public void begin() {
    if (CURRENT.get() != null) {
      throw new IllegalStateException("nested transaction");
    }
    CURRENT.set(new Open());
  }

  @Override
  public void commit() throws SystemException {
    end(true);
  }

  @Override
  public void rollback() throws SystemException {
    end(false);
  }

  private void end(boolean commit) throws SystemException {
    Open open = CURRENT.get();
    CURRENT.remove();
    if (open == null) {
      throw new IllegalStateException("no transaction");
    }
    Connection connection = open.connection;
    if (connection == null) {
      return;
    }
    try (connection) {
      if (commit) {
        connection.commit();
        synchronized (committed) {
          committed.add(open.statements);
        }
      } else {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw (SystemException) new SystemException(e.getMessage()).initCause(e);
    }
  }

  @Override
  public int getStatus() {
    return CURRENT.get() == null ? Status.STATUS_NO_TRANSACTION : Status.STATUS_ACTIVE;
  }

  @Override
  public @Nullable Transaction getTransaction() {
    return null;
  }

  @Override
  public void setRollbackOnly() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setTransactionTimeout(int seconds) {}

  @Override
  public @Nullable Transaction suspend() {
    Open open = CURRENT.get();
    CURRENT.remove();
    return open;
  }

  @Override
  public void resume(Transaction transaction) throws InvalidTransactionException {
    if (CURRENT.get() != null) {
      throw new IllegalStateException("nested transaction");
    }
    CURRENT.set((Open) transaction);
  }
}
