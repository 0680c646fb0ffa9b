// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.h2;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a {@link SerialConnection}.
 *
 * @param sql of a prepared statement, else empty
 */
record SerialStatement(
    Statement statement, String sql, Connection owner, SerialConnection connection)
    implements InvocationHandler {

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String name = method.getName();
    if (name.equals("getConnection")) {
      return owner;
    }
    boolean executes = name.startsWith("execute");
    return executes && !reads(arguments == null ? sql : (String) arguments[0])
        ? connection.write(statement, method, arguments)
        : SerialConnection.call(statement, method, arguments);
  }

  /** A plain query changes nothing; everything else might. */
  private static boolean reads(String sql) {
    String upper = sql.stripLeading().toUpperCase(Locale.ROOT);
    return upper.startsWith("SELECT") && !upper.contains("FOR UPDATE");
  }
}
