// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.h2;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.PooledConnection;
import org.h2.jdbcx.JdbcDataSource;

/**
 * H2's data source, with one writing transaction at a time. All connections of this process to one
 * URL take turns, whichever data source made them; a transaction waits a minute for its turn.
 */
public final class OneWriterDataSource implements ConnectionPoolDataSource {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Map<String, OneWriter> WRITERS = new ConcurrentHashMap<>();

  private final JdbcDataSource h2 = new JdbcDataSource();

  public void setURL(String url) {
    h2.setURL(url);
  }

  public String getURL() {
    return h2.getURL();
  }

  public void setUser(String user) {
    h2.setUser(user);
  }

  public String getUser() {
    return h2.getUser();
  }

  public void setPassword(String password) {
    h2.setPassword(password);
  }

  @Override
  public PooledConnection getPooledConnection() throws SQLException {
    return serialized(h2.getPooledConnection());
  }

  @Override
  public PooledConnection getPooledConnection(String user, String password) throws SQLException {
    return serialized(h2.getPooledConnection(user, password));
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return h2.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    h2.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    h2.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return h2.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  private PooledConnection serialized(PooledConnection physical) {
    OneWriter writer = WRITERS.computeIfAbsent(h2.getURL(), url -> new OneWriter(PATIENCE));
    return (PooledConnection)
        Proxy.newProxyInstance(
            OneWriterDataSource.class.getClassLoader(),
            new Class<?>[] {PooledConnection.class},
            (proxy, method, arguments) -> {
              Object result = SerialConnection.call(physical, method, arguments);
              return result instanceof Connection connection
                  ? SerialConnection.wrap(connection, writer)
                  : result;
            });
  }
}
