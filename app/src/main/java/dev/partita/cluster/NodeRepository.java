// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.NodeTraits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * The rows of the pods. Each call is one statement that counts by itself; times are the database's.
 */
final class NodeRepository {
  private static final String ALIVE = " AND STATE IN ('UP', 'DRAINING')";
  private static final String COLUMNS =
      "ID, INCARNATION, STATE, ADDRESS, LABELS, CPUS, GPUS, MEMORY_BYTES, APPLICATION,"
          + " APP_VERSION, JOINED, LEASE_UNTIL, PLACES, WAITING_PLACES, GPU_MODEL, GPU_BYTES";

  private final DataSource database;
  private final String leaseEnd;

  NodeRepository(DataSource database, Duration lease) {
    this.database = database;
    this.leaseEnd = "CURRENT_TIMESTAMP + INTERVAL '" + lease.toMillis() / 1e3 + "' SECOND";
  }

  /**
   * A pod that wants to join.
   *
   * @param installation tells its restart from another pod of the same name
   */
  record Applicant(
      String id,
      String installation,
      String address,
      Map<String, String> labels,
      Node.Capacity capacity,
      String application,
      String version) {}

  /** Whether this is a database that several processes can share. */
  static boolean canBeShared(DataSource database) {
    try (Connection connection = database.getConnection()) {
      return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
    } catch (SQLException e) {
      throw failed("ask the database what it is", e);
    }
  }

  /**
   * Begins a new life of the pod.
   *
   * @return its incarnation
   * @throws PartitaException INVALID_CONFIG if another pod of this name lives
   */
  long join(Applicant pod) {
    for (int attempt = 0; attempt < 10; attempt++) {
      Optional<Long> former = former(pod);
      long next = former.map(last -> last + 1).orElse(1L);
      if (former.isEmpty() ? insert(pod) : replace(pod, former.get(), next)) {
        return next;
      }
    }
    throw new PartitaException(
        ErrorCode.CONFLICT, "Pods named '" + pod.id() + "' join one after the other");
  }

  private Optional<Long> former(Applicant pod) {
    return query(
            "SELECT INCARNATION, INSTALLATION, CASE WHEN LEASE_UNTIL > CURRENT_TIMESTAMP"
                + ALIVE
                + " THEN 1 ELSE 0 END FROM NODE WHERE ID = ?",
            row -> {
              if (row.getInt(3) == 1 && !row.getString(2).equals(pod.installation())) {
                throw new PartitaException(
                    ErrorCode.INVALID_CONFIG,
                    "Another pod on this database is named '"
                        + pod.id()
                        + "'; give each its own partita.server.id");
              }
              return row.getLong(1);
            },
            pod.id())
        .stream()
        .findFirst();
  }

  private boolean insert(Applicant pod) {
    try {
      return update(
              "INSERT INTO NODE (INCARNATION, HOLDER, INSTALLATION, STATE, ADDRESS, LABELS, CPUS,"
                  + " GPUS, MEMORY_BYTES, GPU_MODEL, GPU_BYTES, PLACES, WAITING_PLACES,"
                  + " APPLICATION, APP_VERSION, JOINED, LEASE_UNTIL, ID) VALUES (?, ?, ?, 'UP', ?,"
                  + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CURRENT_TIMESTAMP, "
                  + leaseEnd
                  + ", ?)",
              values(pod, 1).toArray())
          == 1;
    } catch (PartitaException e) {
      if (e.getCause() instanceof SQLException sql
          && sql.getSQLState() != null
          && sql.getSQLState().startsWith("23")) {
        return false;
      }
      throw e;
    }
  }

  private boolean replace(Applicant pod, long former, long next) {
    List<Object> values = values(pod, next);
    values.add(former);
    return update(
            "UPDATE NODE SET INCARNATION = ?, HOLDER = ?, INSTALLATION = ?, STATE = 'UP',"
                + " ADDRESS = ?, LABELS = ?, CPUS = ?, GPUS = ?, MEMORY_BYTES = ?,"
                + " GPU_MODEL = ?, GPU_BYTES = ?, PLACES = ?, WAITING_PLACES = ?,"
                + " APPLICATION = ?, APP_VERSION = ?, JOINED = CURRENT_TIMESTAMP, LEASE_UNTIL = "
                + leaseEnd
                + " WHERE ID = ? AND INCARNATION = ?",
            values.toArray())
        == 1;
  }

  private static List<Object> values(Applicant pod, long incarnation) {
    return new ArrayList<>(
        Arrays.<Object>asList(
            incarnation,
            Node.holder(pod.id(), incarnation),
            pod.installation(),
            pod.address(),
            text(pod.labels()),
            pod.capacity().cpus(),
            pod.capacity().gpus(),
            pod.capacity().memoryBytes(),
            pod.capacity().gpuModel(),
            pod.capacity().gpuBytes(),
            pod.capacity().permits(),
            pod.capacity().waitingPermits(),
            pod.application(),
            pod.version(),
            pod.id()));
  }

  /** Renews the lease; false if this life is over, because another pod said so. */
  boolean renew(String holder) {
    return update("UPDATE NODE SET LEASE_UNTIL = " + leaseEnd + " WHERE HOLDER = ?" + ALIVE, holder)
        == 1;
  }

  /** Whoever did not renew in time is dead from now on; how many that were. */
  int buryExpired() {
    return update("UPDATE NODE SET STATE = 'DEAD' WHERE LEASE_UNTIL < CURRENT_TIMESTAMP" + ALIVE);
  }

  /** This life is over, whatever its lease says; false if it was before. */
  boolean bury(String holder) {
    return update("UPDATE NODE SET STATE = 'DEAD' WHERE HOLDER = ?" + ALIVE, holder) == 1;
  }

  void drain(String holder) {
    update("UPDATE NODE SET STATE = 'DRAINING' WHERE HOLDER = ?" + ALIVE, holder);
  }

  void leave(String holder) {
    update("UPDATE NODE SET STATE = 'LEFT' WHERE HOLDER = ?" + ALIVE, holder);
  }

  /** Members, and those that were in the last hour, by id. */
  List<Node> all() {
    return query(
        "SELECT "
            + COLUMNS
            + " FROM NODE WHERE STATE IN ('UP', 'DRAINING')"
            + " OR LEASE_UNTIL > CURRENT_TIMESTAMP - INTERVAL '1' HOUR ORDER BY ID",
        NodeRepository::node);
  }

  /** What pods show each other; made by the first that asks. */
  String secret(String proposed) {
    String ask = "SELECT SECRET FROM CLUSTER_SECRET WHERE ID = 1";
    List<String> found = query(ask, row -> row.getString(1));
    if (found.isEmpty()) {
      try {
        update("INSERT INTO CLUSTER_SECRET (ID, SECRET) VALUES (1, ?)", proposed);
      } catch (PartitaException e) {
        found = query(ask, row -> row.getString(1));
        if (found.isEmpty()) {
          throw e;
        }
      }
    }
    return query(ask, row -> row.getString(1)).get(0);
  }

  private static Node node(ResultSet row) throws SQLException {
    return new Node(
        row.getString(1),
        row.getLong(2),
        Node.State.valueOf(row.getString(3)),
        row.getString(4),
        NodeTraits.labels(row.getString(5)),
        new Node.Capacity(
            row.getInt(6),
            row.getInt(7),
            row.getLong(8),
            row.getString(15),
            row.getLong(16),
            row.getInt(13),
            row.getInt(14)),
        row.getString(9),
        row.getString(10),
        row.getTimestamp(11).toInstant(),
        row.getTimestamp(12).toInstant());
  }

  private static String text(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .collect(Collectors.joining(","));
  }

  @FunctionalInterface
  private interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> query(String sql, RowReader<T> reader, Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      set(select, values);
      List<T> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(reader.read(row));
        }
      }
      return found;
    } catch (SQLException e) {
      throw failed("read the pods", e);
    }
  }

  private int update(String sql, Object... values) {
    try (Connection connection = database.getConnection();
        PreparedStatement update = connection.prepareStatement(sql)) {
      set(update, values);
      return update.executeUpdate();
    } catch (SQLException e) {
      throw failed("change the pods", e);
    }
  }

  private static void set(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  private static PartitaException failed(String what, SQLException e) {
    return new PartitaException(
        ErrorCode.STORAGE_FAILURE, "Cannot " + what + ": " + e.getMessage(), e);
  }
}
