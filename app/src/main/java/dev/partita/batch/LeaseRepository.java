// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.batch.runtime.Metric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jberet.runtime.metric.StepMetrics;

/**
 * Leases of partitions: one row per partition of a step execution. A claim or a takeover counts the
 * attempt up; whoever had it before finds no row with its own attempt and stops. Times are the
 * database's.
 */
final class LeaseRepository {
  private static final String KEY = " WHERE STEP_EXECUTION_ID = ? AND PARTITION_NUMBER = ?";
  private static final String MINE = KEY + " AND ATTEMPT = ?";

  private final Database database;
  private final String leaseEnd;
  private final AtomicLong refused = new AtomicLong();

  LeaseRepository(Database database, Duration lease) {
    this.database = database;
    this.leaseEnd = "CURRENT_TIMESTAMP + INTERVAL '" + lease.toSeconds() + "' SECOND";
  }

  /** Makes the row of a partition that nobody has claimed yet. */
  void add(long stepExecutionId, int partition) {
    update(
        "INSERT INTO PARTITION_LEASE (STEP_EXECUTION_ID, PARTITION_NUMBER, ATTEMPT, HOLDER,"
            + " READ_COUNT, WRITE_COUNT, COMMIT_COUNT, ROLLBACK_COUNT, READ_SKIP_COUNT,"
            + " PROCESS_SKIP_COUNT, FILTER_COUNT, WRITE_SKIP_COUNT)"
            + " VALUES (?, ?, 0, '', 0, 0, 0, 0, 0, 0, 0, 0)",
        stepExecutionId,
        partition);
  }

  /**
   * Takes a partition that nobody had yet.
   *
   * @throws PartitaException FENCED if it was claimed, or its execution was ended, before: a
   *     process that froze before its first claim finds its work taken over like any other
   */
  PartitionClaim claim(long stepExecutionId, int partition, String holder) {
    int taken =
        database.call(
            connection -> {
              try (PreparedStatement take =
                  connection.prepareStatement(
                      "UPDATE PARTITION_LEASE SET ATTEMPT = 1, HOLDER = ?, LEASE_UNTIL = "
                          + leaseEnd
                          + ", START_TIME = CURRENT_TIMESTAMP"
                          + KEY
                          + " AND ATTEMPT = 0")) {
                take.setString(1, holder);
                take.setLong(2, stepExecutionId);
                take.setInt(3, partition);
                return take.executeUpdate();
              }
            });
    if (taken == 0) {
      throw new PartitaException(
          ErrorCode.FENCED,
          "Partition "
              + partition
              + " of step execution "
              + stepExecutionId
              + " was taken over before it began");
    }
    return new PartitionClaim(stepExecutionId, partition, 1);
  }

  /** What has been done of a partition, by all its holders. */
  void readMetrics(PartitionKey key, StepMetrics into) {
    database.run(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT READ_COUNT, WRITE_COUNT, COMMIT_COUNT, ROLLBACK_COUNT, READ_SKIP_COUNT,"
                      + " PROCESS_SKIP_COUNT, FILTER_COUNT, WRITE_SKIP_COUNT FROM PARTITION_LEASE"
                      + KEY)) {
            select.setLong(1, key.stepExecutionId());
            select.setInt(2, key.partition());
            try (ResultSet row = select.executeQuery()) {
              if (row.next()) {
                into.set(Metric.MetricType.READ_COUNT, row.getLong(1));
                into.set(Metric.MetricType.WRITE_COUNT, row.getLong(2));
                into.set(Metric.MetricType.COMMIT_COUNT, row.getLong(3));
                into.set(Metric.MetricType.ROLLBACK_COUNT, row.getLong(4));
                into.set(Metric.MetricType.READ_SKIP_COUNT, row.getLong(5));
                into.set(Metric.MetricType.PROCESS_SKIP_COUNT, row.getLong(6));
                into.set(Metric.MetricType.FILTER_COUNT, row.getLong(7));
                into.set(Metric.MetricType.WRITE_SKIP_COUNT, row.getLong(8));
              }
            }
          }
        });
  }

  /**
   * Looks whether the claim still holds.
   *
   * @throws PartitaException FENCED if the partition was taken over
   */
  void check(PartitionClaim claim) {
    requireMine(claim, "");
  }

  /**
   * Locks the lease until the calling transaction ends.
   *
   * @throws PartitaException FENCED if the partition was taken over
   */
  void lock(PartitionClaim claim) {
    requireMine(claim, " FOR UPDATE");
  }

  /** Transactions of this process that were refused, because their partition was taken over. */
  long refused() {
    return refused.get();
  }

  private void requireMine(PartitionClaim claim, String locking) {
    boolean mine =
        database.call(
            connection -> {
              try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT ATTEMPT"
                          + (locking.isEmpty() ? "" : ", " + database.releasedWhenFrozen())
                          + " FROM PARTITION_LEASE"
                          + MINE
                          + locking)) {
                setKey(select, 1, claim);
                try (ResultSet row = select.executeQuery()) {
                  return row.next();
                }
              }
            });
    if (!mine) {
      refused.incrementAndGet();
      throw new PartitaException(
          ErrorCode.FENCED,
          "Partition "
              + claim.partition()
              + " of step execution "
              + claim.stepExecutionId()
              + " was taken over after attempt "
              + claim.attempt()
              + "; nothing of this attempt is written any more");
    }
  }

  /** Writes what the holder has done so far, and renews the lease. */
  void record(PartitionClaim claim, StepMetrics done, boolean ended) {
    database.run(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE PARTITION_LEASE SET LEASE_UNTIL = "
                      + leaseEnd
                      + (ended ? ", END_TIME = CURRENT_TIMESTAMP" : "")
                      + ", READ_COUNT = ?, WRITE_COUNT = ?, COMMIT_COUNT = ?, ROLLBACK_COUNT = ?,"
                      + " READ_SKIP_COUNT = ?, PROCESS_SKIP_COUNT = ?, FILTER_COUNT = ?,"
                      + " WRITE_SKIP_COUNT = ?"
                      + MINE
                      + " AND "
                      + database.releasedWhenFrozen()
                      + " IS NOT NULL")) {
            update.setLong(1, done.get(Metric.MetricType.READ_COUNT));
            update.setLong(2, done.get(Metric.MetricType.WRITE_COUNT));
            update.setLong(3, done.get(Metric.MetricType.COMMIT_COUNT));
            update.setLong(4, done.get(Metric.MetricType.ROLLBACK_COUNT));
            update.setLong(5, done.get(Metric.MetricType.READ_SKIP_COUNT));
            update.setLong(6, done.get(Metric.MetricType.PROCESS_SKIP_COUNT));
            update.setLong(7, done.get(Metric.MetricType.FILTER_COUNT));
            update.setLong(8, done.get(Metric.MetricType.WRITE_SKIP_COUNT));
            setKey(update, 9, claim);
            update.executeUpdate();
          }
        });
  }

  /**
   * Renews these claims, except those whose row is locked: their holder is in a transaction, and
   * nobody can claim past its lock.
   *
   * @return the claims that were lost
   */
  List<PartitionClaim> renew(List<PartitionClaim> claims) {
    List<PartitionClaim> lost = new ArrayList<>();
    for (PartitionClaim claim : claims) {
      boolean mine =
          database.call(
              connection -> {
                if (lockedByItsTransaction(connection, claim)) {
                  return true;
                }
                try (PreparedStatement renew =
                    connection.prepareStatement(
                        "UPDATE PARTITION_LEASE SET LEASE_UNTIL = " + leaseEnd + MINE)) {
                  setKey(renew, 1, claim);
                  return renew.executeUpdate() == 1;
                }
              });
      if (!mine) {
        lost.add(claim);
      }
    }
    return lost;
  }

  private static boolean lockedByItsTransaction(Connection connection, PartitionClaim claim)
      throws SQLException {
    try (PreparedStatement probe =
        connection.prepareStatement(
            "SELECT ATTEMPT FROM PARTITION_LEASE" + KEY + " FOR UPDATE SKIP LOCKED")) {
      probe.setLong(1, claim.stepExecutionId());
      probe.setInt(2, claim.partition());
      try (ResultSet row = probe.executeQuery()) {
        return !row.next();
      }
    }
  }

  private void update(String sql, long stepExecutionId, int partition) {
    database.run(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, stepExecutionId);
            statement.setInt(2, partition);
            statement.executeUpdate();
          }
        });
  }

  private static void setKey(PreparedStatement statement, int from, PartitionClaim claim)
      throws SQLException {
    statement.setLong(from, claim.stepExecutionId());
    statement.setInt(from + 1, claim.partition());
    statement.setLong(from + 2, claim.attempt());
  }
}
