// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Registered model versions, one row each; rows are never changed. */
@ApplicationScoped
public class ModelRepository {
  private static final String COLUMNS =
      "NAME, VERSION, URI, WEIGHTS_SHA256, ACCURACY, MACRO_F1, CLASS_NAMES, DIMS, BUCKETS,"
          + " TRAINED_TEXTS, CREATED, INSTANCE_ID";

  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  /** For the container, which fills in the database. */
  @SuppressWarnings("NullAway.Init")
  protected ModelRepository() {}

  ModelRepository(DataSource database) {
    this.database = database;
  }

  /**
   * Gives the candidate the next version of its name. A job instance registers a name once: asked
   * again, after a restart, it gets the version it already has.
   *
   * @throws PartitaException CONFLICT when another job took the same version at the same moment;
   *     asking again helps
   */
  public ModelVersion register(ModelCandidate candidate) {
    Optional<ModelVersion> already = ofInstance(candidate.name(), candidate.instanceId());
    if (already.isPresent()) {
      return already.get();
    }
    int next = latest(candidate.name()).map(ModelVersion::version).orElse(0) + 1;
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO MODEL_VERSION ("
                    + COLUMNS
                    + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, candidate.name());
      insert.setInt(2, next);
      insert.setString(3, candidate.uri());
      insert.setString(4, candidate.weightsSha256());
      insert.setDouble(5, candidate.accuracy());
      insert.setDouble(6, candidate.macroF1());
      insert.setString(7, String.join("\n", candidate.classNames()));
      insert.setInt(8, candidate.dims());
      insert.setInt(9, candidate.buckets());
      insert.setInt(10, candidate.trainedTexts());
      insert.setTimestamp(11, Timestamp.from(Instant.now()));
      insert.setLong(12, candidate.instanceId());
      insert.executeUpdate();
    } catch (SQLException e) {
      throw failed("register " + candidate.name() + " version " + next, e);
    }
    return find(candidate.name(), next).orElseThrow();
  }

  /** The names that have a version, sorted. */
  public List<String> names() {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement("SELECT DISTINCT NAME FROM MODEL_VERSION ORDER BY NAME");
        ResultSet rows = query.executeQuery()) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw failed("list the models", e);
    }
  }

  /** All versions of a name, the newest first; empty when there is none. */
  public List<ModelVersion> versions(String name) {
    return query("WHERE NAME = ? ORDER BY VERSION DESC", name, null);
  }

  public Optional<ModelVersion> latest(String name) {
    return versions(name).stream().findFirst();
  }

  public Optional<ModelVersion> find(String name, int version) {
    return query("WHERE NAME = ? AND VERSION = ?", name, (long) version).stream().findFirst();
  }

  /** What a job instance registered under a name. */
  public Optional<ModelVersion> ofInstance(String name, long instanceId) {
    return query("WHERE NAME = ? AND INSTANCE_ID = ?", name, instanceId).stream().findFirst();
  }

  /**
   * The version a job instance works with: resolved and written down at the first call, the same
   * ever after, so that a restart does not change models half-way.
   *
   * @param version a number, or 0 for the latest
   * @throws PartitaException NOT_FOUND when there is no such version
   */
  public ModelVersion pin(long instanceId, String name, int version) {
    Optional<ModelVersion> pinned =
        query(
                "WHERE NAME = ? AND VERSION ="
                    + " (SELECT P.VERSION FROM MODEL_PIN P"
                    + " WHERE P.NAME = MODEL_VERSION.NAME AND P.INSTANCE_ID = ?)",
                name,
                instanceId)
            .stream()
            .findFirst();
    if (pinned.isPresent()) {
      return pinned.get();
    }
    ModelVersion resolved = require(name, version);
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO MODEL_PIN (INSTANCE_ID, NAME, VERSION) VALUES (?, ?, ?)")) {
      insert.setLong(1, instanceId);
      insert.setString(2, name);
      insert.setInt(3, resolved.version());
      insert.executeUpdate();
    } catch (SQLException e) {
      throw failed("pin " + name + " for instance " + instanceId, e);
    }
    return resolved;
  }

  /**
   * One version, or the latest for 0.
   *
   * @throws PartitaException NOT_FOUND
   */
  public ModelVersion require(String name, int version) {
    Optional<ModelVersion> found = version == 0 ? latest(name) : find(name, version);
    return found.orElseThrow(
        () ->
            new PartitaException(
                ErrorCode.NOT_FOUND,
                version == 0
                    ? "no version of model '" + name + "' is registered"
                    : "model '" + name + "' has no version " + version));
  }

  private List<ModelVersion> query(
      String where, String name, @org.jspecify.annotations.Nullable Long number) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement("SELECT " + COLUMNS + " FROM MODEL_VERSION " + where)) {
      query.setString(1, name);
      if (number != null) {
        query.setLong(2, number);
      }
      List<ModelVersion> versions = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          versions.add(version(rows));
        }
      }
      return versions;
    } catch (SQLException e) {
      throw failed("read the versions of " + name, e);
    }
  }

  private static ModelVersion version(ResultSet row) throws SQLException {
    return new ModelVersion(
        row.getString(1),
        row.getInt(2),
        row.getString(3),
        row.getString(4),
        row.getDouble(5),
        row.getDouble(6),
        List.of(row.getString(7).split("\n", -1)),
        row.getInt(8),
        row.getInt(9),
        row.getInt(10),
        row.getTimestamp(11).toInstant(),
        row.getLong(12));
  }

  private static PartitaException failed(String what, SQLException cause) {
    boolean taken = cause.getSQLState() != null && cause.getSQLState().startsWith("23");
    return new PartitaException(
        taken ? ErrorCode.CONFLICT : ErrorCode.STORAGE_FAILURE,
        "could not " + what + ": " + cause.getMessage(),
        cause);
  }
}
