// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.h2;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A connection that takes the turn with the first statement of a transaction that may write, and
 * gives it back when the transaction ends. Used by one thread at a time, as any connection.
 */
final class SerialConnection implements InvocationHandler {
  private final Connection connection;
  private final OneWriter writer;
  private boolean writing;

  private SerialConnection(Connection connection, OneWriter writer) {
    this.connection = connection;
    this.writer = writer;
  }

  static Connection wrap(Connection connection, OneWriter writer) {
    return proxy(Connection.class, new SerialConnection(connection, writer));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Connection self = (Connection) proxy;
    return switch (method.getName()) {
      case "createStatement" -> statement(Statement.class, self, method, arguments);
      case "prepareStatement" -> statement(PreparedStatement.class, self, method, arguments);
      case "prepareCall" -> statement(CallableStatement.class, self, method, arguments);
      // A failed commit leaves the transaction open; whoever sees it rolls back or closes.
      case "commit" -> {
        Object nothing = call(connection, method, arguments);
        ended();
        yield nothing;
      }
      case "rollback" ->
          arguments == null ? end(method, arguments) : call(connection, method, arguments);
      case "setAutoCommit", "close", "abort" -> end(method, arguments);
      default -> call(connection, method, arguments);
    };
  }

  /** Runs a statement that may write. */
  @Nullable Object write(Object statement, Method method, Object @Nullable [] arguments)
      throws SQLException {
    if (!writing) {
      writer.acquire();
      writing = true;
    }
    try {
      return call(statement, method, arguments);
    } finally {
      if (connection.isClosed() || connection.getAutoCommit()) {
        ended();
      }
    }
  }

  private @Nullable Object end(Method method, Object @Nullable [] arguments) throws SQLException {
    try {
      return call(connection, method, arguments);
    } finally {
      ended();
    }
  }

  private void ended() {
    if (writing) {
      writing = false;
      writer.release();
    }
  }

  private <T extends Statement> T statement(
      Class<T> type, Connection self, Method method, Object @Nullable [] arguments)
      throws SQLException {
    T made = type.cast(requireNonNull(call(connection, method, arguments)));
    String sql = arguments != null && arguments[0] instanceof String text ? text : "";
    return proxy(type, new SerialStatement(made, sql, self, this));
  }

  /** Calls the real object; what it throws arrives as it was thrown. */
  static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws SQLException {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(method.getName(), e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " cannot be called", e);
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            OneWriterDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
