// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import dev.partita.batch.InstanceData;
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
import java.util.Optional;
import javax.sql.DataSource;

/** Committed datasets, one row each, and which job instance works with which. */
@ApplicationScoped
public class DatasetRepository implements InstanceData {
  @Resource(lookup = "jdbc/partita")
  private DataSource database;

  /** For the container, which fills in the database. */
  @SuppressWarnings("NullAway.Init")
  protected DatasetRepository() {}

  DatasetRepository(DataSource database) {
    this.database = database;
  }

  /** The dataset committed in this folder. */
  public Optional<DatasetManifest> find(String uri) {
    return query("SELECT MANIFEST FROM DATASET WHERE URI = ?", uri);
  }

  /** What the instance works with since its ingest step; the same for all its executions. */
  public Optional<DatasetManifest> ofInstance(long instanceId) {
    return query(
        "SELECT D.MANIFEST FROM DATASET D JOIN DATASET_USE U ON U.URI = D.URI"
            + " WHERE U.INSTANCE_ID = ?",
        instanceId);
  }

  /**
   * As {@link #ofInstance}.
   *
   * @throws PartitaException NOT_FOUND when no ingest step of the instance has completed
   */
  public DatasetManifest require(long instanceId) {
    return ofInstance(instanceId)
        .orElseThrow(
            () ->
                new PartitaException(
                    ErrorCode.NOT_FOUND,
                    "instance " + instanceId + " has no dataset: put a step with 'ingest' first"));
  }

  /** Makes the dataset exist; a manifest committed in the same folder before is replaced. */
  void commit(DatasetManifest manifest) {
    boolean known = find(manifest.uri()).isPresent();
    String sql =
        known
            ? "UPDATE DATASET SET MANIFEST = ?, TEXTS = ?, CREATED = ? WHERE URI = ?"
            : "INSERT INTO DATASET (MANIFEST, TEXTS, CREATED, URI) VALUES (?, ?, ?, ?)";
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, ManifestJson.write(manifest));
      statement.setInt(2, manifest.texts());
      statement.setTimestamp(3, Timestamp.from(PodClock.now()));
      statement.setString(4, manifest.uri());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw failed("commit the dataset " + manifest.uri(), e);
    }
  }

  /** Ties the instance to a committed dataset. */
  void use(long instanceId, DatasetManifest manifest) {
    boolean known = ofInstance(instanceId).isPresent();
    String sql =
        known
            ? "UPDATE DATASET_USE SET URI = ? WHERE INSTANCE_ID = ?"
            : "INSERT INTO DATASET_USE (URI, INSTANCE_ID) VALUES (?, ?)";
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, manifest.uri());
      statement.setLong(2, instanceId);
      statement.executeUpdate();
    } catch (SQLException e) {
      throw failed("tie instance " + instanceId + " to " + manifest.uri(), e);
    }
  }

  private Optional<DatasetManifest> query(String sql, Object key) {
    try (Connection connection = database.getConnection();
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setObject(1, key);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(ManifestJson.read(row.getString(1))) : Optional.empty();
      }
    } catch (SQLException e) {
      throw failed("read the dataset of " + key, e);
    }
  }

  /** The dataset itself stays: it belongs to all. */
  @Override
  public void purge(long instanceId) {
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM DATASET_USE WHERE INSTANCE_ID = ?")) {
      delete.setLong(1, instanceId);
      delete.executeUpdate();
    } catch (SQLException e) {
      throw failed("untie instance " + instanceId + " from its dataset", e);
    }
  }

  private static PartitaException failed(String what, SQLException cause) {
    return new PartitaException(
        ErrorCode.STORAGE_FAILURE, "could not " + what + ": " + cause.getMessage(), cause);
  }
}
