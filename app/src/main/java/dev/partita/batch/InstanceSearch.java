// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An {@link InstanceQuery} as SQL; every value is bound, none is part of the text. */
final class InstanceSearch {
  private static final String INSTANCES =
      "SELECT I.JOBINSTANCEID, I.JOBNAME, I.APPLICATIONNAME, R.SUBMITTER, R.JOB_XML_NAME,"
          + " E.BATCHSTATUS, E.EXITSTATUS, R.CREATE_TIME, E.LASTUPDATEDTIME"
          + " FROM JOB_INSTANCE I JOIN JOB_RECORD R ON R.INSTANCE_ID = I.JOBINSTANCEID"
          + " LEFT JOIN JOB_EXECUTION E ON E.JOBEXECUTIONID = R.LAST_EXECUTION_ID";

  private final List<String> conditions = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();
  private final String tail;

  InstanceSearch(InstanceQuery query) {
    ids(query.ids());
    time("R.CREATE_TIME", query.created());
    time("E.LASTUPDATEDTIME", query.updated());
    states(query.states());
    InstanceQuery.Text text = query.text();
    like("R.SUBMITTER", text.submitter(), text.ignoreCase());
    like("I.APPLICATIONNAME", text.applicationName(), text.ignoreCase());
    like("I.JOBNAME", text.jobName(), text.ignoreCase());
    like("E.EXITSTATUS", text.exitStatus(), text.ignoreCase());
    for (Map.Entry<String, String> parameter : text.parameters().entrySet()) {
      String line = System.lineSeparator();
      like(
          "'" + line + "' || E.JOBPARAMETERS",
          "*" + line + parameter.getKey() + " = " + parameter.getValue() + line + "*",
          text.ignoreCase());
    }
    tail =
        order(query.sort())
            + " OFFSET "
            + query.offset()
            + " ROWS FETCH FIRST "
            + query.limit()
            + " ROWS ONLY";
  }

  String sql() {
    return INSTANCES
        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
        + tail;
  }

  List<Object> values() {
    return values;
  }

  private void ids(List<InstanceQuery.IdRange> ranges) {
    if (ranges.isEmpty()) {
      return;
    }
    List<String> any = new ArrayList<>();
    for (InstanceQuery.IdRange range : ranges) {
      any.add("I.JOBINSTANCEID BETWEEN ? AND ?");
      values.add(range.first());
      values.add(range.last());
    }
    conditions.add("(" + String.join(" OR ", any) + ")");
  }

  private void time(String column, InstanceQuery.@Nullable TimeRange range) {
    if (range != null) {
      conditions.add(column + " >= ? AND " + column + " < ?");
      values.add(Timestamp.from(range.from()));
      values.add(Timestamp.from(range.to()));
    }
  }

  private void states(Set<InstanceState> states) {
    if (states.isEmpty()) {
      return;
    }
    List<String> wanted = new ArrayList<>();
    for (BatchState state : BatchState.values()) {
      if (states.contains(InstanceState.of(state))) {
        wanted.add("'" + state.name() + "'");
      }
    }
    conditions.add(
        wanted.isEmpty() ? "1 = 0" : "E.BATCHSTATUS IN (" + String.join(", ", wanted) + ")");
  }

  private void like(String column, @Nullable String pattern, boolean ignoreCase) {
    if (pattern == null) {
      return;
    }
    String like =
        pattern.replace("!", "!!").replace("%", "!%").replace("_", "!_").replace('*', '%');
    conditions.add((ignoreCase ? "LOWER(" + column + ")" : column) + " LIKE ? ESCAPE '!'");
    values.add(ignoreCase ? like.toLowerCase(Locale.ROOT) : like);
  }

  private static String order(List<InstanceQuery.Sort> sort) {
    String wanted =
        sort.stream()
            .map(by -> column(by.field()) + (by.descending() ? " DESC" : ""))
            .collect(Collectors.joining(", "));
    return " ORDER BY " + (wanted.isEmpty() ? "" : wanted + ", ") + "I.JOBINSTANCEID DESC";
  }

  private static String column(InstanceQuery.Field field) {
    return switch (field) {
      case INSTANCE_ID -> "I.JOBINSTANCEID";
      case CREATE_TIME -> "R.CREATE_TIME";
      case LAST_UPDATED_TIME -> "E.LASTUPDATEDTIME";
      case INSTANCE_STATE -> "E.BATCHSTATUS";
      case EXIT_STATUS -> "E.EXITSTATUS";
      case SUBMITTER -> "R.SUBMITTER";
      case APPLICATION_NAME -> "I.APPLICATIONNAME";
      case JOB_NAME -> "I.JOBNAME";
    };
  }
}
