// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.operations.BatchRuntimeException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;

/**
 * Tells a database that went away from work that is wrong. Whatever failed because of it may have
 * been committed or not; who goes on has to look.
 */
final class DatabaseLoss {
  private static final int MAX_DEPTH = 50;

  private DatabaseLoss() {}

  /** What is kept of a failure that a loss caused, where causes are kept as text. */
  static final class Kept extends BatchRuntimeException {
    private static final long serialVersionUID = 1L;

    Kept(String text) {
      super(text);
    }
  }

  /** Whether a connection that broke, or could not be had, lies at the root of it. */
  static boolean causes(Throwable failure) {
    Throwable one = failure;
    for (int i = 0; i < MAX_DEPTH && one != null; i++) {
      if (one instanceof Kept || (one instanceof SQLException sql && lost(sql))) {
        return true;
      }
      one = one.getCause();
    }
    return false;
  }

  /**
   * SQLSTATE class 08 is a connection exception; of PostgreSQL's, 57P01 to 57P05 end a connection
   * from the server's side, 25P03 one that stood still in a transaction.
   */
  private static boolean lost(SQLException failure) {
    String state = failure.getSQLState();
    return failure instanceof SQLRecoverableException
        || failure instanceof SQLTransientConnectionException
        || failure instanceof SQLNonTransientConnectionException
        || (state != null
            && (state.startsWith("08") || state.startsWith("57P0") || state.equals("25P03")));
  }
}
