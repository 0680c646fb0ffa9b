// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.partita.batch.InstanceData;
import dev.partita.checkpoint.BlobStore;
import dev.partita.checkpoint.FileBlobStore;
import dev.partita.config.PartitaConfig;
import dev.partita.config.TestConfig;
import dev.partita.data.TestDatabase;
import jakarta.inject.Inject;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a purge leaves behind, over all tables there are: a new table needs no new test. */
class PurgeTest {
  /** A registered model outlives the job that trained it. */
  private static final List<String> STAY = List.of("MODEL_VERSION");

  @TempDir private Path storage;

  @Test
  void nothingOfAPurgedInstanceStaysButTheModelsItRegistered() throws Exception {
    DataSource database = TestDatabase.create();
    try (Connection connection = database.getConnection();
        Statement sql = connection.createStatement()) {
      Map<String, List<String>> tables = tables(sql);
      assertThat(tables.keySet()).contains("PREDICTION", "CHECKPOINT", "JOB_EVENT");
      for (int instance = 1; instance <= 2; instance++) {
        sql.execute("INSERT INTO JOB_INSTANCE (JOBINSTANCEID) VALUES (" + instance + ")");
        for (Map.Entry<String, List<String>> table : tables.entrySet()) {
          sql.execute(insert(table.getKey(), table.getValue(), instance));
        }
      }
      for (InstanceData room : rooms(database)) {
        room.purge(1);
      }
      sql.execute("DELETE FROM JOB_INSTANCE WHERE JOBINSTANCEID = 1");
      for (InstanceData room : rooms(database)) {
        room.sweep();
      }
      for (String table : tables.keySet()) {
        assertThat(rows(sql, table)).as(table).isEqualTo(STAY.contains(table) ? 2 : 1);
      }
    }
  }

  /** The tables with rows of job instances, with "name type" of each column. */
  private static Map<String, List<String>> tables(Statement sql) throws Exception {
    Map<String, List<String>> all = new TreeMap<>();
    try (ResultSet column =
        sql.executeQuery(
            "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS"
                + " WHERE TABLE_SCHEMA = 'PUBLIC' ORDER BY ORDINAL_POSITION")) {
      while (column.next()) {
        all.computeIfAbsent(column.getString(1), name -> new ArrayList<>())
            .add(column.getString(2) + " " + column.getString(3));
      }
    }
    all.values()
        .removeIf(columns -> columns.stream().noneMatch(c -> c.matches("(INSTANCE_ID|RUN_ID) .*")));
    return all;
  }

  private String insert(String table, List<String> columns, int instance) {
    List<String> values =
        columns.stream()
            .map(
                column -> {
                  if (column.matches("(FOLDER|\\w*URI) .*")) {
                    return "'" + storage.resolve("run-" + instance).toUri() + "/'";
                  }
                  if (column.contains("TIMESTAMP")) {
                    return "CURRENT_TIMESTAMP";
                  }
                  if (column.contains("BOOLEAN")) {
                    return "FALSE";
                  }
                  return column.contains("CHAR") ? "'" + instance + "'" : "" + instance;
                })
            .toList();
    return "INSERT INTO " + table + " VALUES (" + String.join(", ", values) + ")";
  }

  private static long rows(Statement sql, String table) throws Exception {
    try (ResultSet row = sql.executeQuery("SELECT COUNT(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  private List<InstanceData> rooms(DataSource database) throws Exception {
    List<InstanceData> rooms = new ArrayList<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.partita")) {
      if (type.isAssignableTo(InstanceData.class)
          && !type.getModifiers().contains(JavaModifier.ABSTRACT)) {
        rooms.add((InstanceData) make(type.reflect(), database));
      }
    }
    assertThat(rooms).hasSizeGreaterThanOrEqualTo(5);
    return rooms;
  }

  /** As the container would: what is injected is made the same way. */
  private @Nullable Object make(Class<?> type, DataSource database) throws Exception {
    if (type == DataSource.class) {
      return database;
    }
    if (type == BlobStore.class) {
      return new FileBlobStore();
    }
    if (type == PartitaConfig.class) {
      return TestConfig.in(storage);
    }
    if (!type.getName().startsWith("dev.partita.") || type.getName().contains(".batch.")) {
      return null;
    }
    Constructor<?> constructor =
        Arrays.stream(type.getDeclaredConstructors())
            .filter(
                c ->
                    c.isAnnotationPresent(Inject.class)
                        || Arrays.equals(c.getParameterTypes(), new Class<?>[] {DataSource.class}))
            .findFirst()
            .orElseThrow();
    constructor.setAccessible(true);
    List<@Nullable Object> arguments = new ArrayList<>();
    for (Class<?> parameter : constructor.getParameterTypes()) {
      arguments.add(make(parameter, database));
    }
    return constructor.newInstance(arguments.toArray());
  }
}
