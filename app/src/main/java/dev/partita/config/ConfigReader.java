// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/**
 * Reads keys into types and collects what is wrong, so that one message can tell all of it. A wrong
 * key yields a harmless stand-in until {@link #throwIfWrong()}. For one thread.
 */
public final class ConfigReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private final Config source;
  private final List<String> problems = new ArrayList<>();

  public ConfigReader(Config source) {
    this.source = source;
  }

  public boolean isSet(String key) {
    return source.getOptionalValue(key, String.class).isPresent();
  }

  public int integer(String key, int min, int max) {
    return (int) whole(key, min, max);
  }

  public long whole(String key, long min, long max) {
    String expected = "a whole number from " + min + " to " + max;
    return parse(
        key,
        expected,
        min,
        text -> {
          long value = Long.parseLong(text);
          return value >= min && value <= max ? Optional.of(value) : Optional.empty();
        });
  }

  public double real(String key, double min, double max) {
    String expected = "a number from " + min + " to " + max;
    return parse(
        key,
        expected,
        min,
        text -> {
          double value = Double.parseDouble(text);
          return value >= min && value <= max ? Optional.of(value) : Optional.empty();
        });
  }

  public boolean flag(String key) {
    return parse(
        key,
        "true or false",
        Boolean.FALSE,
        text ->
            text.equals("true") || text.equals("false")
                ? Optional.of(Boolean.valueOf(text))
                : Optional.empty());
  }

  /** The value in ISO 8601 form, such as {@code PT10S}. */
  public Duration duration(String key, Duration min, Duration max) {
    return parse(
        key,
        "a duration from " + min + " to " + max + ", such as PT10S",
        min,
        text -> {
          Duration value = Duration.parse(text);
          return value.compareTo(min) >= 0 && value.compareTo(max) <= 0
              ? Optional.of(value)
              : Optional.empty();
        });
  }

  /** One of the constants of {@code type}, written in lower case with hyphens. */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    E[] all = type.getEnumConstants();
    List<String> words =
        Arrays.stream(all).map(c -> c.name().toLowerCase(Locale.ROOT).replace('_', '-')).toList();
    return parse(
        key,
        "one of " + words,
        all[0],
        text -> words.contains(text) ? Optional.of(all[words.indexOf(text)]) : Optional.empty());
  }

  /** Letters, digits, dots, underscores and hyphens; at most 63. */
  public String name(String key) {
    return parse(
        key,
        "a name of letters, digits, '.', '_' and '-', at most 63 characters",
        "invalid",
        text -> NAME.matcher(text).matches() ? Optional.of(text) : Optional.empty());
  }

  /** Any text; a missing value is a problem. */
  public String text(String key) {
    return parse(key, "a text", "", Optional::of);
  }

  /** Matches {@code pattern}, or is absent and then the empty string. */
  public String optional(String key, Pattern pattern) {
    if (!isSet(key)) {
      return "";
    }
    return parse(
        key,
        "empty or like " + pattern,
        "",
        text -> pattern.matcher(text).matches() ? Optional.of(text) : Optional.empty());
  }

  /** A directory's path; relative ones start at the process's working directory. */
  public Path directory(String key) {
    return parse(
        key,
        "a directory's path",
        Path.of(""),
        text -> Optional.of(Path.of(text).toAbsolutePath().normalize()));
  }

  /** A {@code file:} URI; a relative path after {@code file:} starts at {@code base}. */
  public URI fileUri(String key, Path base) {
    return parse(
        key,
        "a file: URI, such as file:storage or file:///var/lib/partita",
        base.toUri(),
        text -> {
          URI uri = URI.create(text);
          if (!"file".equals(uri.getScheme())) {
            return Optional.empty();
          }
          String path = uri.isOpaque() ? uri.getSchemeSpecificPart() : uri.getPath();
          String absolute = base.resolve(path).normalize().toUri().toString();
          return Optional.of(URI.create(absolute.endsWith("/") ? absolute : absolute + "/"));
        });
  }

  /** Adds a problem that concerns several keys. */
  public void problem(String problem) {
    problems.add(problem);
  }

  /**
   * Ends the reading.
   *
   * @throws PartitaException INVALID_CONFIG, naming every wrong key
   */
  public void throwIfWrong() {
    if (!problems.isEmpty()) {
      throw new PartitaException(
          ErrorCode.INVALID_CONFIG,
          "Partita does not start: "
              + problems.size()
              + (problems.size() == 1 ? " wrong configuration key" : " wrong configuration keys")
              + "\n  "
              + String.join("\n  ", problems));
    }
  }

  private <T> T parse(
      String key, String expected, T standIn, Function<String, Optional<T>> parser) {
    Optional<String> text = source.getOptionalValue(key, String.class).map(String::strip);
    if (text.isEmpty()) {
      problems.add(key + " is missing; expected " + expected);
      return standIn;
    }
    Optional<T> value;
    try {
      value = parser.apply(text.get());
    } catch (IllegalArgumentException | DateTimeParseException e) {
      value = Optional.empty();
    }
    if (value.isEmpty()) {
      problems.add(key + " is '" + text.get() + "'; expected " + expected);
    }
    return value.orElse(standIn);
  }
}
