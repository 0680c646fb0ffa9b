// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.AttemptEnd;
import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.NodeTraits;
import dev.partita.scheduling.Resources;
import jakarta.batch.runtime.BatchStatus;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the leader reads and writes: which partitions wait, where others run, which pods there are.
 * Each write is a transaction that locks the leader's row with the token first, then leases, then
 * PARTITION_WORK, and is refused (FENCED) if another leads since.
 */
final class PlacementRepository {
  private static final String KEY = " WHERE STEP_EXECUTION_ID = ? AND PARTITION_NUMBER = ?";
  private static final String OPEN_STATES = "('WAITING', 'RUNNING')";

  private final Database database;
  private final LeaderRepository leaders;
  private final WorkRepository work;
  private final String leaseEnd;

  PlacementRepository(
      Database database, LeaderRepository leaders, WorkRepository work, Duration lease) {
    this.database = database;
    this.leaders = leaders;
    this.work = work;
    this.leaseEnd = "CURRENT_TIMESTAMP + INTERVAL '" + lease.toMillis() / 1e3 + "' SECOND";
  }

  /**
   * A partition as its rows have it.
   *
   * @param state of PARTITION_WORK
   * @param attempt the newest
   * @param holder the pod it was given to; empty while it waits
   * @param stop somebody wants it to end
   * @param deaths of pods under it, not counting the holder
   * @param committed whether anything was committed since it was given to the holder
   */
  record Row(
      PartitionKey key,
      String state,
      long attempt,
      String holder,
      String application,
      boolean stop,
      int failures,
      int moves,
      int deaths,
      boolean committed,
      String gpus) {
    boolean waits() {
      return state.equals("WAITING");
    }

    boolean ended() {
      return !waits() && !state.equals("RUNNING");
    }
  }

  /** A pod, alive or not. */
  record Pod(NodeState node, String holder, boolean alive) {}

  /** What is known of a step with posted partitions. */
  record Step(StepDemand demand, String tenant) {}

  /**
   * A partition that is to be given to a pod.
   *
   * @param deaths to be remembered with it
   */
  record Gift(PartitionKey key, long attempt, String holder, int deaths, String gpus) {}

  /** The partitions that have not ended, in the order of the steps. */
  List<Row> open() {
    return rows(" WHERE W.STATE IN " + OPEN_STATES);
  }

  /** All partitions of a step, those that ended too. */
  List<Row> all(long stepExecutionId) {
    return rows(" WHERE W.STEP_EXECUTION_ID = " + stepExecutionId);
  }

  private List<Row> rows(String where) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT W.STEP_EXECUTION_ID, W.PARTITION_NUMBER, W.STATE, L.ATTEMPT,"
                          + " L.HOLDER, W.APPLICATION, W.STOP, W.FAILURES, W.MOVES, W.DEATHS,"
                          + " L.COMMIT_COUNT > W.COMMITS OR W.CHECKPOINTED, W.GPUS FROM PARTITION_WORK W"
                          + " JOIN PARTITION_LEASE L ON L.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID"
                          + " AND L.PARTITION_NUMBER = W.PARTITION_NUMBER"
                          + where
                          + " ORDER BY W.STEP_EXECUTION_ID, W.PARTITION_NUMBER");
              ResultSet row = select.executeQuery()) {
            List<Row> found = new ArrayList<>();
            while (row.next()) {
              found.add(
                  new Row(
                      new PartitionKey(row.getLong(1), row.getInt(2)),
                      row.getString(3),
                      row.getLong(4),
                      row.getString(5),
                      row.getString(6),
                      row.getBoolean(7),
                      row.getInt(8),
                      row.getInt(9),
                      row.getInt(10),
                      row.getBoolean(11),
                      row.getString(12)));
            }
            return found;
          }
        });
  }

  /** What these steps ask for; one that is purged is missing. */
  Map<Long, Step> steps(Collection<Long> stepExecutionIds) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT D.STEP_EXECUTION_ID, D.INSTANCE_ID, D.EXECUTION_ID, D.STEP_NAME,"
                          + " D.PARTITIONS, D.PROPERTIES, COALESCE(R.SUBMITTER, '')"
                          + " FROM STEP_DEMAND D"
                          + " LEFT JOIN JOB_RECORD R ON R.INSTANCE_ID = D.INSTANCE_ID"
                          + " WHERE D.STEP_EXECUTION_ID IN "
                          + stepExecutionIds.stream()
                              .map(String::valueOf)
                              .collect(Collectors.joining(", ", "(", ")")));
              ResultSet row = select.executeQuery()) {
            Map<Long, Step> found = new HashMap<>();
            while (row.next()) {
              found.put(
                  row.getLong(1),
                  new Step(
                      new StepDemand(
                          row.getLong(1),
                          row.getLong(2),
                          row.getLong(3),
                          row.getString(4),
                          row.getInt(5),
                          row.getString(6)),
                      row.getString(7)));
            }
            return found;
          }
        });
  }

  /** The pods that live, and those that did until a while ago. */
  List<Pod> pods(Duration memory) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT ID, INCARNATION, HOLDER, STATE, LABELS, CPUS, GPUS, MEMORY_BYTES,"
                          + " PLACES, WAITING_PLACES, APPLICATION FROM NODE"
                          + " WHERE STATE IN ('UP', 'DRAINING') OR LEASE_UNTIL > CURRENT_TIMESTAMP"
                          + " - INTERVAL '"
                          + memory.toSeconds()
                          + "' SECOND ORDER BY ID");
              ResultSet row = select.executeQuery()) {
            List<Pod> found = new ArrayList<>();
            while (row.next()) {
              found.add(pod(row));
            }
            return found;
          }
        });
  }

  private static Pod pod(ResultSet row) throws SQLException {
    String state = row.getString(4);
    return new Pod(
        new NodeState(
            new NodeId(row.getString(1)),
            row.getLong(2),
            NodeTraits.of(NodeTraits.labels(row.getString(5)), row.getString(11)),
            Places.offered(
                row.getInt(6), row.getInt(7), row.getLong(8), row.getInt(9), row.getInt(10)),
            state.equals("DRAINING")),
        row.getString(3),
        state.equals("UP") || state.equals("DRAINING"));
  }

  /**
   * Gives partitions to pods: of each list all or none.
   *
   * @return the lists that were given; the others have a partition that somebody has or had since,
   *     or that is in a transaction now, or a pod that takes nothing now
   */
  Set<List<Gift>> give(long token, List<List<Gift>> groups) {
    List<Gift> all = groups.stream().flatMap(List::stream).toList();
    return database.within(
        () -> {
          leaders.lock(token);
          Map<PartitionKey, Long> free = lockFree(all);
          Set<String> up = up();
          Set<List<Gift>> given = new HashSet<>();
          for (List<Gift> group : groups) {
            boolean possible =
                group.stream()
                    .allMatch(
                        gift ->
                            free.getOrDefault(gift.key(), Long.MAX_VALUE) < gift.attempt()
                                && up.contains(gift.holder()));
            if (possible) {
              given.add(group);
            }
          }
          write(groups.stream().filter(given::contains).flatMap(List::stream).toList());
          return given;
        });
  }

  /** Those that nobody has, with the newest attempt of each; locked for this transaction. */
  private Map<PartitionKey, Long> lockFree(List<Gift> gifts) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT L.STEP_EXECUTION_ID, L.PARTITION_NUMBER, L.ATTEMPT"
                          + " FROM PARTITION_LEASE L"
                          + " WHERE (L.STEP_EXECUTION_ID, L.PARTITION_NUMBER) IN "
                          + gifts.stream()
                              .map(
                                  g ->
                                      "("
                                          + g.key().stepExecutionId()
                                          + ", "
                                          + g.key().partition()
                                          + ")")
                              .collect(Collectors.joining(", ", "(", ")"))
                          + " AND L.END_TIME IS NULL AND (L.HOLDER = '' OR NOT "
                          + WorkRepository.LIVE
                          + ") FOR UPDATE SKIP LOCKED");
              ResultSet row = select.executeQuery()) {
            Map<PartitionKey, Long> found = new HashMap<>();
            while (row.next()) {
              found.put(new PartitionKey(row.getLong(1), row.getInt(2)), row.getLong(3));
            }
            return found;
          }
        });
  }

  private Set<String> up() {
    return database.call(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT HOLDER FROM NODE WHERE STATE = 'UP'");
              ResultSet row = select.executeQuery()) {
            Set<String> found = new HashSet<>();
            while (row.next()) {
              found.add(row.getString(1));
            }
            return found;
          }
        });
  }

  private void write(List<Gift> gifts) {
    database.run(
        connection -> {
          try (PreparedStatement lease =
                  connection.prepareStatement(
                      "UPDATE PARTITION_LEASE SET ATTEMPT = ?, HOLDER = ?, LEASE_UNTIL = "
                          + leaseEnd
                          + ", START_TIME = COALESCE(START_TIME, CURRENT_TIMESTAMP)"
                          + KEY);
              PreparedStatement row =
                  connection.prepareStatement(
                      "UPDATE PARTITION_WORK SET STATE = 'RUNNING', LEAVE = FALSE,"
                          + " CHECKPOINTED = FALSE, DEATHS = ?,"
                          + " GPUS = ?, COMMITS = (SELECT COMMIT_COUNT FROM PARTITION_LEASE L"
                          + " WHERE L.STEP_EXECUTION_ID = PARTITION_WORK.STEP_EXECUTION_ID"
                          + " AND L.PARTITION_NUMBER = PARTITION_WORK.PARTITION_NUMBER)"
                          + KEY)) {
            for (Gift gift : gifts) {
              lease.setLong(1, gift.attempt());
              lease.setString(2, gift.holder());
              setKey(lease, 3, gift.key());
              lease.addBatch();
              row.setInt(1, gift.deaths());
              row.setString(2, gift.gpus());
              setKey(row, 3, gift.key());
              row.addBatch();
            }
            lease.executeBatch();
            row.executeBatch();
          }
        });
  }

  /**
   * Ends a partition, whoever has it, unless it has ended.
   *
   * @param reason why it failed; empty if it did not
   */
  void end(long token, PartitionKey key, BatchStatus status, String reason) {
    fenced(
        token,
        key,
        "UPDATE PARTITION_LEASE SET ATTEMPT = ATTEMPT + 1" + KEY + " AND END_TIME IS NULL",
        () -> work.endUnrun(key, status, reason));
  }

  /** Why a partition failed; empty if it did not. */
  Optional<String> failure(PartitionKey key) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT COALESCE(W.REASON, '') FROM PARTITION_EXECUTION P"
                      + " JOIN PARTITION_WORK W ON W.STEP_EXECUTION_ID = P.STEPEXECUTIONID"
                      + " AND W.PARTITION_NUMBER = P.PARTITIONEXECUTIONID"
                      + " WHERE P.STEPEXECUTIONID = ? AND P.PARTITIONEXECUTIONID = ?"
                      + " AND P.BATCHSTATUS = 'FAILED'")) {
            setKey(select, 1, key);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
          }
        });
  }

  /** Asks the pod that has that attempt to hand it back. */
  void leave(long token, PartitionKey key) {
    fenced(
        token,
        key,
        "UPDATE PARTITION_WORK SET LEAVE = TRUE" + KEY + " AND STATE = 'RUNNING'",
        () -> {});
  }

  /** Takes that attempt back from a pod that did not hand it over: what it does counts no more. */
  void takeBack(long token, PartitionKey key, long attempt) {
    fenced(
        token,
        key,
        "UPDATE PARTITION_LEASE SET ATTEMPT = ATTEMPT + 1"
            + KEY
            + " AND END_TIME IS NULL AND ATTEMPT = "
            + attempt,
        () -> work.waiting(key, AttemptEnd.GANG_ABORTED));
  }

  private void fenced(long token, PartitionKey key, String sql, Runnable whenChanged) {
    database.within(
        () -> {
          leaders.lock(token);
          int changed =
              database.call(
                  connection -> {
                    try (PreparedStatement update = connection.prepareStatement(sql)) {
                      setKey(update, 1, key);
                      return update.executeUpdate();
                    }
                  });
          if (changed > 0) {
            whenChanged.run();
          }
          return changed;
        });
  }

  /** What the partitions take that run now, by the holder they were given to. */
  static Map<String, Resources> taken(Database database) {
    return database.call(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement(
                      "SELECT L.HOLDER, D.PROPERTIES, COUNT(*) FROM PARTITION_WORK W"
                          + " JOIN PARTITION_LEASE L ON L.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID"
                          + " AND L.PARTITION_NUMBER = W.PARTITION_NUMBER"
                          + " JOIN STEP_DEMAND D ON D.STEP_EXECUTION_ID = W.STEP_EXECUTION_ID"
                          + " WHERE W.STATE = 'RUNNING' GROUP BY L.HOLDER, D.PROPERTIES");
              ResultSet row = select.executeQuery()) {
            Map<String, Resources> found = new HashMap<>();
            while (row.next()) {
              Resources each = StepDemand.parse(row.getString(2)).resources();
              for (int i = 0; i < row.getInt(3); i++) {
                found.merge(row.getString(1), each, Resources::plus);
              }
            }
            return found;
          }
        });
  }

  /** Says, for a person, why a step's partitions wait; empty: they do not. */
  void waits(long stepExecutionId, String reason) {
    database.run(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE STEP_DEMAND SET WAITS = ? WHERE STEP_EXECUTION_ID = ?")) {
            update.setString(1, reason.length() <= 1_000 ? reason : reason.substring(0, 1_000));
            update.setLong(2, stepExecutionId);
            update.executeUpdate();
          }
        });
  }

  private static void setKey(PreparedStatement statement, int from, PartitionKey key)
      throws SQLException {
    statement.setLong(from, key.stepExecutionId());
    statement.setInt(from + 1, key.partition());
  }
}
