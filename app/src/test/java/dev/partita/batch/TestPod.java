// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.NodeTraits;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** A member of a cluster in one JVM, all of whose doorbells are lost. */
final class TestPod implements Cluster {
  private final DataSource database;
  private final String id;
  private final AtomicInteger life = new AtomicInteger(1);
  private volatile boolean accepting = true;
  private volatile boolean draining;
  private volatile Runnable lost = () -> {};

  /**
   * @param database gives connections that commit by themselves
   */
  TestPod(DataSource database, String id) {
    this.database = database;
    this.id = id;
  }

  @Override
  public void join(DataSource ignored) {
    change(
        "INSERT INTO NODE VALUES ('"
            + id
            + "', 1, '"
            + holder()
            + "', '', 'UP', '', '', 8, 0, 1, 'app', '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 8, 8,"
            + " '', 0)");
  }

  /** Others take it for dead; it goes on as it was, knowing nothing. */
  void die() {
    change("UPDATE NODE SET STATE = 'DEAD' WHERE ID = '" + id + "'");
    accepting = false;
  }

  /** It finds that it was taken for dead. */
  void awake() {
    life.incrementAndGet();
    change(
        "UPDATE NODE SET STATE = 'UP', HOLDER = '"
            + holder()
            + "', INCARNATION = "
            + life
            + " WHERE ID = '"
            + id
            + "'");
    accepting = true;
    lost.run();
  }

  private void change(String sql) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public boolean shared() {
    return true;
  }

  @Override
  public String holder() {
    return id + "/" + life;
  }

  @Override
  public String application() {
    return "app";
  }

  @Override
  public boolean accepting() {
    return accepting;
  }

  @Override
  public NodeState node() {
    return new NodeState(
        new NodeId(id),
        life.get(),
        NodeTraits.of(Map.of(), "app"),
        Places.offered(8, 0, 1, 8, 8),
        draining);
  }

  @Override
  public void ring(Bell bell) {}

  @Override
  public void listen(Consumer<Bell> bells, Runnable leaseLost) {
    lost = leaseLost;
  }

  @Override
  public void drain() {
    accepting = false;
    draining = true;
    change("UPDATE NODE SET STATE = 'DRAINING' WHERE ID = '" + id + "' AND STATE = 'UP'");
  }

  @Override
  public void leave() {}
}
