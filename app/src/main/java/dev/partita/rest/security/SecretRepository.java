// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import dev.partita.config.PodClock;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Issued secrets by their SHA-256, so that a copy of the database signs nobody in: session cookies
 * and one-time sign-in tokens. Being rows, they outlive the process and hold on every pod.
 */
@ApplicationScoped
public class SecretRepository {
  /** What a secret is good for. */
  enum Kind {
    SIGN_IN_LINK,
    SESSION
  }

  record Grant(Caller caller, Instant expires) {}

  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  void add(Kind kind, String sha256, Caller caller, Instant expires) {
    try (Connection connection = database.getConnection();
        PreparedStatement expired =
            connection.prepareStatement("DELETE FROM ISSUED_SECRET WHERE EXPIRES < ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO ISSUED_SECRET (SHA256, KIND, CALLER, CALLER_ROLES, EXPIRES)"
                    + " VALUES (?, ?, ?, ?, ?)")) {
      expired.setTimestamp(1, Timestamp.from(PodClock.now()));
      expired.executeUpdate();
      insert.setString(1, sha256);
      insert.setString(2, kind.name());
      insert.setString(3, caller.name());
      insert.setString(4, String.join(" ", caller.roles()));
      insert.setTimestamp(5, Timestamp.from(expires));
      insert.executeUpdate();
    } catch (SQLException e) {
      throw failed("issue a sign-in secret", e);
    }
  }

  Optional<Grant> find(Kind kind, String sha256, Instant now) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT CALLER, CALLER_ROLES, EXPIRES FROM ISSUED_SECRET"
                    + " WHERE SHA256 = ? AND KIND = ? AND EXPIRES > ?")) {
      query.setString(1, sha256);
      query.setString(2, kind.name());
      query.setTimestamp(3, Timestamp.from(now));
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Grant(
                    new Caller(row.getString(1), Set.of(row.getString(2).split(" "))),
                    row.getTimestamp(3).toInstant()))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw failed("read a sign-in secret", e);
    }
  }

  /** True for exactly one caller, whoever deletes the row first. */
  boolean remove(String sha256) {
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM ISSUED_SECRET WHERE SHA256 = ?")) {
      delete.setString(1, sha256);
      return delete.executeUpdate() == 1;
    } catch (SQLException e) {
      throw failed("remove a sign-in secret", e);
    }
  }

  private static PartitaException failed(String what, SQLException cause) {
    return new PartitaException(
        ErrorCode.STORAGE_FAILURE, "could not " + what + ": " + cause.getMessage(), cause);
  }
}
