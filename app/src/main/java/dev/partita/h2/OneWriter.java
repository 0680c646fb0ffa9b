// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.h2;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The one turn to write, handed on in the order of asking. It belongs to a transaction, not to a
 * thread: a server may end a transaction on another thread than it began on.
 */
final class OneWriter {
  /** SQLSTATE for a lock that was not had in time, as H2 uses it. */
  private static final String LOCK_TIMEOUT = "HYT00";

  private final Semaphore turn = new Semaphore(1, true);
  private final Duration patience;
  private volatile String holder = "";

  /**
   * @param patience how long a transaction waits for its turn before its statement fails
   */
  OneWriter(Duration patience) {
    this.patience = patience;
  }

  /** Waits for the turn; {@link #release} must follow. */
  void acquire() throws SQLException {
    try {
      if (!turn.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SQLTransientException(
            "The embedded database lets one transaction write at a time, and that of "
                + holder
                + " has not ended within "
                + patience.toSeconds()
                + " s; keep writing transactions short, or use PostgreSQL",
            LOCK_TIMEOUT);
      }
      holder = Thread.currentThread().getName();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientException("Interrupted while waiting to write", LOCK_TIMEOUT, e);
    }
  }

  void release() {
    turn.release();
  }
}
