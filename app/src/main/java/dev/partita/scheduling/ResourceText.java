// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of {@link Resources}, {@code cpu=2,gpu=0.5,memory=4GiB}. */
final class ResourceText {
  /** So that sums over any cluster stay far from overflow: a billion units, 2^53 bytes. */
  private static final BigDecimal MOST_UNITS = new BigDecimal(1_000_000_000);

  private static final BigDecimal MOST_BYTES = new BigDecimal(1L << 53);
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,19}(\\.[0-9]{1,19})?");
  private static final Pattern MEMORY = Pattern.compile("([0-9.]+) ?([A-Za-z]*)");
  private static final Map<String, Long> UNITS = units();

  private ResourceText() {}

  static Resources parse(String text) {
    Map<String, BigDecimal> amounts = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      String[] sides = part.strip().split("=", -1);
      String name = sides[0].strip();
      if (sides.length != 2 || !NAME.matcher(name).matches()) {
        throw wrong(text, "\"" + part.strip() + "\" is not name=amount");
      }
      String amount = sides[1].strip();
      BigDecimal value = name.equals("memory") ? bytes(text, amount) : milli(text, name, amount);
      if (amounts.put(name, value) != null) {
        throw wrong(text, name + " is there twice");
      }
    }
    SortedMap<String, Long> custom = new TreeMap<>();
    amounts.forEach((name, amount) -> custom.put(name, amount.longValueExact()));
    return new Resources(take(custom, "cpu"), take(custom, "gpu"), take(custom, "memory"), custom);
  }

  static String format(Resources resources) {
    StringJoiner parts = new StringJoiner(",");
    if (resources.cpuMilli() > 0) {
      parts.add("cpu=" + number(resources.cpuMilli()));
    }
    if (resources.gpuMilli() > 0) {
      parts.add("gpu=" + number(resources.gpuMilli()));
    }
    if (resources.memoryBytes() > 0) {
      parts.add("memory=" + memory(resources.memoryBytes()));
    }
    resources.customMilli().forEach((name, milli) -> parts.add(name + "=" + number(milli)));
    return parts.length() == 0 ? "cpu=0" : parts.toString();
  }

  /** 1500 → {@code 1.5}. */
  static String number(long milli) {
    return BigDecimal.valueOf(milli, 3).stripTrailingZeros().toPlainString();
  }

  static String memory(long bytes) {
    for (String unit : new String[] {"TiB", "GiB", "MiB", "KiB"}) {
      if (bytes % UNITS.getOrDefault(unit, 1L) == 0) {
        return bytes / UNITS.getOrDefault(unit, 1L) + unit;
      }
    }
    return bytes + "B";
  }

  private static BigDecimal milli(String text, String name, String amount) {
    if (!NUMBER.matcher(amount).matches()) {
      throw wrong(text, name + "=" + amount + " is not a number such as 2 or 0.5");
    }
    BigDecimal value = new BigDecimal(amount);
    if (value.stripTrailingZeros().scale() > 3 || value.compareTo(MOST_UNITS) > 0) {
      throw wrong(text, name + "=" + amount + " has more than three decimals or is above 1e9");
    }
    return value.movePointRight(3);
  }

  private static BigDecimal bytes(String text, String amount) {
    Matcher parts = MEMORY.matcher(amount);
    if (!parts.matches() || !NUMBER.matcher(parts.group(1)).matches()) {
      throw wrong(text, "memory=" + amount + " is not an amount such as 4GiB or 512MiB");
    }
    Long unit = UNITS.get(parts.group(2));
    if (unit == null) {
      throw wrong(
          text,
          "memory="
              + amount
              + " has none of the units "
              + String.join(" ", UNITS.keySet()).strip());
    }
    BigDecimal value = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit));
    if (value.stripTrailingZeros().scale() > 0 || value.compareTo(MOST_BYTES) > 0) {
      throw wrong(text, "memory=" + amount + " is not a whole number of bytes up to 8192TiB");
    }
    return value;
  }

  private static long take(SortedMap<String, Long> amounts, String name) {
    Long amount = amounts.remove(name);
    return amount == null ? 0 : amount;
  }

  private static PartitaException wrong(String text, String problem) {
    return new PartitaException(
        ErrorCode.INVALID_ARGUMENT,
        "Resources \"" + text + "\": " + problem + "; write them like cpu=2,gpu=0.5,memory=4GiB");
  }

  private static Map<String, Long> units() {
    Map<String, Long> units = new LinkedHashMap<>();
    units.put("", 1L);
    units.put("B", 1L);
    String[] binary = {"KiB", "MiB", "GiB", "TiB"};
    String[] decimal = {"kB", "MB", "GB", "TB"};
    long two = 1;
    long ten = 1;
    for (int i = 0; i < binary.length; i++) {
      units.put(binary[i], two *= 1024);
      units.put(decimal[i], ten *= 1000);
    }
    return units;
  }
}
