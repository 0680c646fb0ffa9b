// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.api.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OneWriterDataSourceTest {
  private final OneWriterDataSource source = new OneWriterDataSource();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void open() throws SQLException {
    source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    source.setUser("partita");
    source.setPassword("");
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE T (ID BIGINT PRIMARY KEY, V BIGINT NOT NULL)");
      statement.execute("INSERT INTO T VALUES (1, 0)");
    }
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  private Connection connect() throws SQLException {
    return source.getPooledConnection().getConnection();
  }

  /** Runs inside every write; a second one at the same time is what must not be. */
  public static final class Writing implements Trigger {
    static final AtomicInteger NOW = new AtomicInteger();
    static final AtomicInteger MOST = new AtomicInteger();

    @Override
    public void fire(Connection connection, Object[] before, Object[] after) {
      MOST.accumulateAndGet(NOW.incrementAndGet(), Math::max);
      for (int i = 0; i < 20_000; i++) {
        Thread.onSpinWait(); // long enough for another writer to come in
      }
      NOW.decrementAndGet();
    }
  }

  @Test
  void oneConnectionAtATimeWrites() throws Exception {
    Writing.MOST.set(0);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TRIGGER WATCH BEFORE INSERT ON T FOR EACH ROW CALL '"
              + Writing.class.getName()
              + "'");
    }
    Future<?>[] writers = new Future<?>[6];
    for (int w = 0; w < writers.length; w++) {
      int first = 1_000 * (w + 1);
      writers[w] =
          threads.submit(
              () -> {
                try (Connection connection = connect()) {
                  connection.setAutoCommit(false);
                  for (int i = 0; i < 100; i++) {
                    insert(connection, first + i);
                    connection.commit();
                  }
                }
                return null;
              });
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    assertThat(Writing.MOST).hasValue(1);
    assertThat(query("SELECT COUNT(*) FROM T")).isEqualTo(601);
  }

  @Test
  void transactionsThatWriteFollowEachOtherAndQueriesWaitForNobody() throws Exception {
    try (Connection first = connect();
        Connection second = connect()) {
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      add(first, 1);
      Future<?> waiting = threads.submit(() -> add(second, 10));
      assertThatThrownBy(() -> waiting.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(query("SELECT V FROM T WHERE ID = 1")).as("while another writes").isZero();
      add(first, 2);
      first.commit();
      waiting.get(5, TimeUnit.SECONDS);
      second.commit();
    }
    assertThat(query("SELECT V FROM T WHERE ID = 1")).isEqualTo(13);
  }

  @Test
  void aRollbackAClosedConnectionAndAStatementWithoutTransactionGiveTheTurnBack()
      throws SQLException {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      add(connection, 1);
      connection.rollback();
      add(connection, 2);
    }
    try (Connection connection = connect()) {
      add(connection, 4);
      try (Connection other = connect()) {
        add(other, 8);
      }
    }
    assertThat(query("SELECT V FROM T WHERE ID = 1")).isEqualTo(12);
  }

  @Test
  void rowsLockedForUpdateAreAWrite() throws Exception {
    try (Connection holder = connect();
        Connection other = connect()) {
      holder.setAutoCommit(false);
      try (Statement lock = holder.createStatement()) {
        lock.executeQuery("SELECT V FROM T WHERE ID = 1 FOR UPDATE").close();
      }
      Future<?> waiting = threads.submit(() -> add(other, 1));
      assertThatThrownBy(() -> waiting.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      holder.commit();
      waiting.get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void whoWaitsTooLongIsToldWhoHoldsTheTurn() throws Exception {
    OneWriter writer = new OneWriter(Duration.ofMillis(20));
    Thread holder = new Thread(() -> acquire(writer), "chunk of somebody");
    holder.start();
    holder.join();
    assertThatThrownBy(writer::acquire)
        .isInstanceOf(SQLTransientException.class)
        .hasMessageContaining("chunk of somebody");
  }

  @Test
  void oneThousandContendedUpdatesAreAllCounted() throws Exception {
    Future<?>[] writers = new Future<?>[5];
    for (int w = 0; w < writers.length; w++) {
      writers[w] =
          threads.submit(
              () -> {
                try (Connection connection = connect()) {
                  connection.setAutoCommit(false);
                  for (int i = 0; i < 200; i++) {
                    add(connection, 1);
                    connection.commit();
                  }
                }
                return null;
              });
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    assertThat(query("SELECT V FROM T WHERE ID = 1")).isEqualTo(1_000);
  }

  @Test
  void generatedKeysAndTheConnectionOfAStatementAreThere() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE K (ID BIGINT GENERATED ALWAYS AS IDENTITY, V BIGINT)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO K (V) VALUES (3)", 1)) {
        insert.executeUpdate();
        assertThat(insert.getConnection()).isSameAs(connection);
        try (ResultSet keys = insert.getGeneratedKeys()) {
          assertThat(keys.next()).isTrue();
          assertThat(keys.getLong(1)).isEqualTo(1);
        }
      }
    }
  }

  private static void acquire(OneWriter writer) {
    try {
      writer.acquire();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void insert(Connection connection, long id) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO T VALUES (?, 0)")) {
      insert.setLong(1, id);
      insert.executeUpdate();
    }
  }

  private static void add(Connection connection, long value) {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE T SET V = V + ? WHERE ID = 1")) {
      update.setLong(1, value);
      update.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private long query(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
