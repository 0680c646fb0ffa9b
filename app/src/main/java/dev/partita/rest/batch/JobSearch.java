// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import dev.partita.batch.InstanceQuery;
import dev.partita.batch.InstanceQuery.Field;
import dev.partita.batch.InstanceQuery.IdRange;
import dev.partita.batch.InstanceQuery.Sort;
import dev.partita.batch.InstanceQuery.TimeRange;
import dev.partita.batch.InstanceState;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The query part of {@code /jobinstances}: what it asks for, and the names in it that its version
 * of the contract does not know.
 *
 * @param unrecognized sorted; answered in the header {@code X-IBM-Unrecognized-Fields}
 * @param restricted whether anything but page and order was asked for
 */
record JobSearch(InstanceQuery query, Set<String> unrecognized, boolean restricted) {
  private static final int DEFAULT_PAGE_SIZE = 50;
  private static final int LARGEST_PAGE = 10_000;
  private static final int MOST_VALUES = 1_000;
  private static final String PARAMETER = "jobParameter.";
  private static final Set<String> V1 = Set.of("page", "pageSize");
  private static final Set<String> SINCE_V2 =
      Set.of("jobInstanceId", "createTime", "instanceState", "exitStatus");
  private static final Set<String> SINCE_V3 = Set.of("lastUpdatedTime", "sort");
  private static final Set<String> SINCE_V4 =
      Set.of("submitter", "appName", "jobName", "ignoreCase");

  /** Options of the purge and of the way to the server, which are no search. */
  private static final Set<String> IGNORED =
      Set.of("purgeJobStoreOnly", "action", "localOnly", "permitRedirect");

  private static final Pattern DAYS = Pattern.compile("([<>])(\\d{1,5})d");
  private static final Map<String, Field> SORT_FIELDS =
      Map.of(
          "instanceId", Field.INSTANCE_ID,
          "jobInstanceId", Field.INSTANCE_ID,
          "createTime", Field.CREATE_TIME,
          "lastUpdatedTime", Field.LAST_UPDATED_TIME,
          "instanceState", Field.INSTANCE_STATE,
          "batchStatus", Field.INSTANCE_STATE,
          "exitStatus", Field.EXIT_STATUS,
          "submitter", Field.SUBMITTER,
          "appName", Field.APPLICATION_NAME,
          "jobName", Field.JOB_NAME);

  /**
   * Reads the parameters.
   *
   * @param version of the API, 1 to 4
   * @throws PartitaException INVALID_ARGUMENT, naming the parameter
   */
  static JobSearch parse(Map<String, List<String>> parameters, int version, Instant now) {
    Map<String, String> given = new HashMap<>();
    Map<String, String> jobParameters = new HashMap<>();
    Set<String> unrecognized = new TreeSet<>();
    parameters.forEach(
        (name, values) -> {
          String value = String.join(",", values);
          if (version >= 4 && name.startsWith(PARAMETER)) {
            jobParameters.put(name.substring(PARAMETER.length()), value);
          } else if (known(name, version)) {
            given.put(name, value);
          } else if (!IGNORED.contains(name)) {
            unrecognized.add(name);
          }
        });
    int size = number("pageSize", given.getOrDefault("pageSize", "" + DEFAULT_PAGE_SIZE));
    int page = number("page", given.getOrDefault("page", "0"));
    if (size < 1 || size > LARGEST_PAGE || (long) page * size > Integer.MAX_VALUE) {
      throw wrong("pageSize", "" + size, "a number from 1 to " + LARGEST_PAGE);
    }
    InstanceQuery.Text text =
        new InstanceQuery.Text(
            given.get("submitter"),
            given.get("appName"),
            given.get("jobName"),
            given.get("exitStatus"),
            jobParameters,
            "true".equalsIgnoreCase(given.get("ignoreCase")));
    InstanceQuery query =
        new InstanceQuery(
            ids(given.get("jobInstanceId")),
            times("createTime", given.get("createTime"), now),
            times("lastUpdatedTime", given.get("lastUpdatedTime"), now),
            states(given.get("instanceState")),
            text,
            sort(given.get("sort")),
            page * size,
            size);
    given.keySet().removeAll(Set.of("page", "pageSize", "sort", "ignoreCase"));
    return new JobSearch(query, unrecognized, !given.isEmpty() || !jobParameters.isEmpty());
  }

  private static boolean known(String name, int version) {
    return V1.contains(name)
        || (version >= 2 && SINCE_V2.contains(name))
        || (version >= 3 && SINCE_V3.contains(name))
        || (version >= 4 && SINCE_V4.contains(name));
  }

  /** A list of {@code n}, {@code a:b}, {@code <n} and {@code >n}, ends included as IBM does. */
  private static List<IdRange> ids(@Nullable String text) {
    List<IdRange> ranges = new ArrayList<>();
    for (String item : items("jobInstanceId", text)) {
      try {
        int colon = item.indexOf(':');
        if (colon > 0) {
          ranges.add(
              new IdRange(
                  Long.parseLong(item.substring(0, colon)),
                  Long.parseLong(item.substring(colon + 1))));
        } else if (item.startsWith("<")) {
          ranges.add(new IdRange(0, Long.parseLong(item.substring(1))));
        } else if (item.startsWith(">")) {
          ranges.add(new IdRange(Long.parseLong(item.substring(1)), Long.MAX_VALUE));
        } else {
          long id = Long.parseLong(item);
          ranges.add(new IdRange(id, id));
        }
      } catch (NumberFormatException e) {
        throw wrong("jobInstanceId", item, "like 7, 3:9, <9 or >3");
      }
    }
    return ranges;
  }

  /**
   * One day, two days with a colon between, or a day so many days ago: {@code >3d} is that day or
   * later, {@code <3d} that day or earlier. Days are UTC's.
   */
  private static @Nullable TimeRange times(String name, @Nullable String text, Instant now) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    Matcher days = DAYS.matcher(text);
    if (days.matches()) {
      LocalDate day =
          LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(Long.parseLong(days.group(2)));
      return days.group(1).equals(">")
          ? new TimeRange(
              day.atStartOfDay(ZoneOffset.UTC).toInstant(), now.plus(Duration.ofDays(1)))
          : new TimeRange(Instant.EPOCH, day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }
    try {
      String[] ends = text.split(":", 2);
      LocalDate from = LocalDate.parse(ends[0]);
      LocalDate to = LocalDate.parse(ends[ends.length - 1]);
      return new TimeRange(
          from.atStartOfDay(ZoneOffset.UTC).toInstant(),
          to.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeParseException e) {
      throw wrong(name, text, "like 2026-11-01, 2026-11-01:2026-11-30, <3d or >3d");
    }
  }

  private static Set<InstanceState> states(@Nullable String text) {
    Set<InstanceState> states = EnumSet.noneOf(InstanceState.class);
    for (String item : items("instanceState", text)) {
      try {
        states.add(InstanceState.valueOf(item.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw wrong("instanceState", item, "one of " + Arrays.toString(InstanceState.values()));
      }
    }
    return states;
  }

  private static List<Sort> sort(@Nullable String text) {
    List<Sort> sorts = new ArrayList<>();
    for (String item : items("sort", text)) {
      boolean descending = item.startsWith("-");
      Field field = SORT_FIELDS.get(descending ? item.substring(1) : item);
      if (field == null) {
        throw wrong("sort", item, "one of " + new TreeSet<>(SORT_FIELDS.keySet()));
      }
      sorts.add(new Sort(field, descending));
    }
    return sorts;
  }

  private static List<String> items(String name, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return List.of();
    }
    List<String> items = List.of(text.split(","));
    if (items.size() > MOST_VALUES) {
      throw wrong(name, items.size() + " values", "at most " + MOST_VALUES);
    }
    return items;
  }

  private static int number(String name, String text) {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw wrong(name, text, "a whole number");
    }
  }

  private static PartitaException wrong(String name, String value, String expected) {
    return new PartitaException(
        ErrorCode.INVALID_ARGUMENT, name + " is '" + value + "'; expected " + expected);
  }
}
