// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the properties of a JSL step ask of the scheduler, as batch-jobs/README.md lists them.
 *
 * @param resources of each partition
 * @param gangMin partitions that must start together; 0: each by itself
 */
public record StepProperties(
    Resources resources,
    List<String> pools,
    PlacementStrategy placement,
    int gangMin,
    RetryPolicy retry,
    int priority) {
  public static final String RESOURCES = "partita.resources";
  public static final String POOL = "partita.pool";
  public static final String PLACEMENT = "partita.placement";
  public static final String GANG = "partita.gang";
  public static final String GANG_MIN = "partita.gang.min";
  public static final String ATTEMPTS = "partita.attempts";
  public static final String PREEMPTIONS = "partita.preemptions";
  public static final String PRIORITY = "partita.priority";

  private static final Set<String> NAMES =
      new TreeSet<>(
          Set.of(RESOURCES, POOL, PLACEMENT, GANG, GANG_MIN, ATTEMPTS, PREEMPTIONS, PRIORITY));

  /** All partitions: the value of gangMin for {@code partita.gang=true} without a smallest size. */
  private static final int WHOLE = Integer.MAX_VALUE;

  private static final Pattern POOL_NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /**
   * Reads the properties of a step; those that are absent or blank have their default, those whose
   * names do not begin with {@code partita.} are not looked at.
   *
   * @throws PartitaException INVALID_JOB naming property, value and what is possible
   */
  public static StepProperties parse(Map<String, String> properties) {
    properties.keySet().stream()
        .filter(name -> name.startsWith("partita.") && !NAMES.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw refused(name + " is no property of a step; there are " + NAMES);
            });
    boolean gang = truth(value(properties, GANG, "false"));
    int least = number(properties, GANG_MIN, 0, 0, 100_000);
    if (least > 0 && !gang) {
      throw refused(GANG_MIN + "=" + least + " needs " + GANG + "=true");
    }
    return new StepProperties(
        resources(value(properties, RESOURCES, "cpu=1")),
        pools(value(properties, POOL, "")),
        strategy(value(properties, PLACEMENT, "PACK")),
        !gang ? 0 : least == 0 ? WHOLE : least,
        new RetryPolicy(
            number(properties, ATTEMPTS, RetryPolicy.DEFAULT.attempts(), 1, 1000),
            number(properties, PREEMPTIONS, RetryPolicy.DEFAULT.preemptions(), 0, 1_000_000)),
        number(properties, PRIORITY, 0, -1000, 1000));
  }

  /**
   * Checks one property alone, as a definition is read; a value that is yet to be filled in, with
   * {@code #{…}}, passes.
   *
   * @throws PartitaException INVALID_JOB as {@link #parse}
   */
  public static void check(String name, String value) {
    if (name.startsWith("partita.") && !value.contains("#{")) {
      parse(name.equals(GANG_MIN) ? Map.of(GANG, "true", name, value) : Map.of(name, value));
    }
  }

  /** The group that a step of so many partitions asks for. */
  public PlacementGroup group(int partitions) {
    return new PlacementGroup(
        Collections.nCopies(partitions, new Bundle(resources)),
        placement,
        Math.min(gangMin, partitions));
  }

  private static String value(Map<String, String> properties, String name, String absent) {
    String value = properties.getOrDefault(name, "").strip();
    return value.isEmpty() ? absent : value;
  }

  private static Resources resources(String value) {
    try {
      return new Bundle(Resources.parse(value)).resources();
    } catch (PartitaException e) {
      throw new PartitaException(
          ErrorCode.INVALID_JOB, RESOURCES + "=" + shown(value) + ": " + shown(reason(e)), e);
    }
  }

  private static String reason(PartitaException e) {
    return e.getMessage() == null ? "it is wrong" : e.getMessage();
  }

  private static List<String> pools(String value) {
    if (value.isEmpty()) {
      return List.of();
    }
    List<String> pools = Arrays.stream(value.split(",", -1)).map(String::strip).toList();
    for (String pool : pools) {
      if (!POOL_NAME.matcher(pool).matches()) {
        throw refused(
            POOL
                + "="
                + shown(value)
                + ": \""
                + shown(pool)
                + "\" is no name of a pool; name them in the order of preference, as in spot,cpu");
      }
    }
    return pools.stream().distinct().toList();
  }

  private static PlacementStrategy strategy(String value) {
    try {
      return PlacementStrategy.valueOf(value.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new PartitaException(
          ErrorCode.INVALID_JOB,
          PLACEMENT
              + "="
              + shown(value)
              + " is none of "
              + Arrays.toString(PlacementStrategy.values()),
          e);
    }
  }

  private static boolean truth(String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw refused(GANG + "=" + shown(value) + " is neither true nor false");
    }
    return value.equals("true");
  }

  private static int number(
      Map<String, String> properties, String name, int absent, int least, int most) {
    String value = value(properties, name, "" + absent);
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw refused(
        name + "=" + shown(value) + " is not a whole number from " + least + " to " + most);
  }

  private static String shown(String value) {
    String line = value.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }

  private static PartitaException refused(String reason) {
    return new PartitaException(ErrorCode.INVALID_JOB, reason);
  }
}
