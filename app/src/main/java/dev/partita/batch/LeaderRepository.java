// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Who decides what runs where: one row with a lease and a token that grows with each leader. Times
 * are the database's.
 */
final class LeaderRepository {
  private static final String MINE = " WHERE ID = 1 AND TOKEN = ?";

  private final Database database;
  private final String leaseEnd;

  LeaderRepository(Database database, Duration lease) {
    this.database = database;
    this.leaseEnd = "CURRENT_TIMESTAMP + INTERVAL '" + lease.toMillis() / 1e3 + "' SECOND";
  }

  /**
   * Takes the lead if nobody else has it: the lease ran out, was given back, or its pod is gone.
   *
   * @return the token of the new leader; empty if somebody leads
   */
  OptionalLong lead(String holder) {
    return database.call(
        connection -> {
          try (PreparedStatement take =
              connection.prepareStatement(
                  "UPDATE LEADER SET HOLDER = ?, TOKEN = TOKEN + 1, LEASE_UNTIL = "
                      + leaseEnd
                      + " WHERE ID = 1 AND (LEASE_UNTIL < CURRENT_TIMESTAMP OR HOLDER = ? OR NOT"
                      + " EXISTS (SELECT 1 FROM NODE N WHERE N.HOLDER = LEADER.HOLDER AND N.STATE ="
                      + " 'UP')) AND EXISTS (SELECT 1 FROM NODE M WHERE M.HOLDER = ? AND M.STATE ="
                      + " 'UP')")) {
            take.setString(1, holder);
            take.setString(2, holder);
            take.setString(3, holder);
            if (take.executeUpdate() == 0) {
              return OptionalLong.empty();
            }
          }
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT TOKEN FROM LEADER WHERE ID = 1");
              ResultSet row = select.executeQuery()) {
            row.next();
            return OptionalLong.of(row.getLong(1));
          }
        });
  }

  /** Renews the lease; false if another leads since. */
  boolean renew(long token) {
    return change("UPDATE LEADER SET LEASE_UNTIL = " + leaseEnd + MINE, token) == 1;
  }

  /** Gives the lead back, so that another takes it at once. */
  void resign(long token) {
    change("UPDATE LEADER SET HOLDER = '', LEASE_UNTIL = CURRENT_TIMESTAMP" + MINE, token);
  }

  /**
   * Keeps others from taking the lead until the calling transaction ends.
   *
   * @throws PartitaException FENCED if another leads since
   */
  void lock(long token) {
    boolean mine =
        database.call(
            connection -> {
              try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT TOKEN, "
                          + database.releasedWhenFrozen()
                          + " FROM LEADER"
                          + MINE
                          + " FOR UPDATE")) {
                select.setLong(1, token);
                try (ResultSet row = select.executeQuery()) {
                  return row.next();
                }
              }
            });
    if (!mine) {
      throw new PartitaException(
          ErrorCode.FENCED, "Another pod leads since token " + token + "; nothing is decided here");
    }
  }

  /** Who leads, or did last; empty if the lead was given back. */
  static String holder(Database database) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT HOLDER FROM LEADER WHERE ID = 1");
              ResultSet row = select.executeQuery()) {
            return row.next() ? row.getString(1) : "";
          }
        });
  }

  private int change(String sql, long token) {
    return database.call(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, token);
            return update.executeUpdate();
          }
        });
  }
}
