// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import dev.partita.config.PodClock;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Registered model versions, one row each; rows are never changed. */
@ApplicationScoped
public class ModelRepository {
  private static final String CANDIDATE =
      "INSTANCE_ID, NAME, URI, WEIGHTS_SHA256, ACCURACY, MACRO_F1, CLASS_NAMES, DIMS, BUCKETS,"
          + " TRAINED_TEXTS";

  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  /** For the container, which fills in the database. */
  @SuppressWarnings("NullAway.Init")
  protected ModelRepository() {}

  ModelRepository(DataSource database) {
    this.database = database;
  }

  /** Keeps what an instance trained and measured; a former proposal of the instance is replaced. */
  public void propose(ModelCandidate candidate) {
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM MODEL_CANDIDATE WHERE INSTANCE_ID = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO MODEL_CANDIDATE ("
                    + CANDIDATE
                    + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      delete.setLong(1, candidate.instanceId());
      delete.executeUpdate();
      bind(insert, candidate);
      insert.executeUpdate();
    } catch (SQLException e) {
      throw failed("propose " + candidate.name(), e);
    }
  }

  /** What the instance proposed, if anything. */
  public Optional<ModelCandidate> candidate(long instanceId) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT " + CANDIDATE + " FROM MODEL_CANDIDATE WHERE INSTANCE_ID = ?")) {
      query.setLong(1, instanceId);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(candidate(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw failed("read the candidate of instance " + instanceId, e);
    }
  }

  /**
   * Gives the candidate the next version of its name; {@link ModelRegistry} says when.
   *
   * @throws PartitaException CONFLICT when another job took the same version at the same moment, or
   *     the instance has a version of this name already
   */
  ModelVersion register(ModelCandidate candidate) {
    int next = latest(candidate.name()).map(ModelVersion::version).orElse(0) + 1;
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO MODEL_VERSION ("
                    + CANDIDATE
                    + ", VERSION, CREATED) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      bind(insert, candidate);
      insert.setInt(11, next);
      insert.setTimestamp(12, Timestamp.from(PodClock.now()));
      insert.executeUpdate();
    } catch (SQLException e) {
      throw failed("register " + candidate.name() + " version " + next, e);
    }
    return find(candidate.name(), next).orElseThrow();
  }

  /** The folders that versions name; as URIs, since one folder has several spellings. */
  Set<URI> folders() {
    try (Connection connection = database.getConnection();
        PreparedStatement query = connection.prepareStatement("SELECT URI FROM MODEL_VERSION");
        ResultSet rows = query.executeQuery()) {
      Set<URI> folders = new HashSet<>();
      while (rows.next()) {
        folders.add(URI.create(rows.getString(1)));
      }
      return folders;
    } catch (SQLException e) {
      throw failed("list the folders of models", e);
    }
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

  private List<ModelVersion> query(String where, String name, @Nullable Long number) {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT " + CANDIDATE + ", VERSION, CREATED FROM MODEL_VERSION " + where)) {
      query.setString(1, name);
      if (number != null) {
        query.setLong(2, number);
      }
      List<ModelVersion> versions = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          Instant created = rows.getTimestamp(12).toInstant();
          versions.add(candidate(rows).registered(rows.getInt(11), created));
        }
      }
      return versions;
    } catch (SQLException e) {
      throw failed("read the versions of " + name, e);
    }
  }

  private static void bind(PreparedStatement statement, ModelCandidate candidate)
      throws SQLException {
    statement.setLong(1, candidate.instanceId());
    statement.setString(2, candidate.name());
    statement.setString(3, candidate.uri());
    statement.setString(4, candidate.weightsSha256());
    statement.setDouble(5, candidate.accuracy());
    statement.setDouble(6, candidate.macroF1());
    statement.setString(7, String.join("\n", candidate.classNames()));
    statement.setInt(8, candidate.dims());
    statement.setInt(9, candidate.buckets());
    statement.setInt(10, candidate.trainedTexts());
  }

  private static ModelCandidate candidate(ResultSet row) throws SQLException {
    return new ModelCandidate(
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getDouble(5),
        row.getDouble(6),
        List.of(row.getString(7).split("\n", -1)),
        row.getInt(8),
        row.getInt(9),
        row.getInt(10),
        row.getLong(1));
  }

  /** Forgets what the instance proposed. */
  void purge(long instanceId) {
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM MODEL_CANDIDATE WHERE INSTANCE_ID = ?")) {
      delete.setLong(1, instanceId);
      delete.executeUpdate();
    } catch (SQLException e) {
      throw failed("purge the candidate of instance " + instanceId, e);
    }
  }

  private static PartitaException failed(String what, SQLException cause) {
    boolean taken = cause.getSQLState() != null && cause.getSQLState().startsWith("23");
    return new PartitaException(
        taken ? ErrorCode.CONFLICT : ErrorCode.STORAGE_FAILURE,
        "could not " + what + ": " + cause.getMessage(),
        cause);
  }
}
