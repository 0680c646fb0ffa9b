// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list in pages: filtered, sorted, and cut behind the place that the last page ended at. That
 * place is a key of the order and an id, not a count: what comes and goes meanwhile moves nothing
 * out of the next page or into it twice.
 *
 * @param <T> what is listed
 * @param name of the list in the answer
 * @param id different for each
 * @param state one of a few words
 * @param label what {@code name=} looks for
 * @param keys what may be sorted by, as texts in the order of what they say; the first is the
 *     default
 */
record Listing<T>(
    String name,
    Function<T, String> id,
    Function<T, String> state,
    Function<T, String> label,
    List<Key<T>> keys) {
  private static final int MOST = 1_000;

  /** What may be sorted by. */
  record Key<T>(String name, Function<T, String> text) {}

  /**
   * What is asked for.
   *
   * @param sort name of a key, with a minus before it for the largest first; null: the first key,
   *     largest first
   * @param after where the last page ended, as it said in {@code next}
   */
  record Query(
      @Nullable String state,
      @Nullable String name,
      @Nullable String sort,
      int limit,
      @Nullable String after) {}

  /** The place behind an element. */
  private record Place(String key, String id) {
    static final Comparator<Place> ORDER =
        Comparator.comparing(Place::key).thenComparing(Place::id);

    String cursor(String sort) {
      String text = sort + "\n" + key + "\n" + id;
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static Place read(String cursor, String sort) {
      try {
        String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        String[] parts = text.split("\n", -1);
        if (parts.length == 3 && parts[0].equals(sort)) {
          return new Place(parts[1], parts[2]);
        }
      } catch (IllegalArgumentException e) {
        throw new PartitaException(ErrorCode.INVALID_ARGUMENT, WRONG_CURSOR, e);
      }
      throw new PartitaException(ErrorCode.INVALID_ARGUMENT, WRONG_CURSOR);
    }

    private static final String WRONG_CURSOR =
        "after= takes what the last page said in 'next', with the same sort=";
  }

  /** A time as a key. */
  static String key(@Nullable Instant time) {
    return time == null
        ? ""
        : String.format(Locale.ROOT, "%015d%09d", time.getEpochSecond(), time.getNano());
  }

  /** A number as a key; not below 0. */
  static String key(long number) {
    return String.format(Locale.ROOT, "%019d", number);
  }

  /**
   * {@code {"tasks":[…],"next":"…"}}; without {@code next} it is the last page.
   *
   * @throws PartitaException INVALID_ARGUMENT naming what of the query is wrong
   */
  JsonObject page(List<T> all, Query query, Function<T, JsonObjectBuilder> json) {
    if (query.limit() < 1 || query.limit() > MOST) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "limit is 1 to " + MOST + ": " + query.limit());
    }
    String sort = query.sort() == null ? "-" + keys.get(0).name() : query.sort();
    Function<T, String> text = key(sort.startsWith("-") ? sort.substring(1) : sort).text();
    Function<T, Place> place = one -> new Place(oneLine(text.apply(one)), id.apply(one));
    Comparator<Place> order = sort.startsWith("-") ? Place.ORDER.reversed() : Place.ORDER;
    Place after = query.after() == null ? null : Place.read(query.after(), sort);
    List<T> found =
        all.stream()
            .filter(one -> query.state() == null || query.state().equals(state.apply(one)))
            .filter(one -> query.name() == null || label.apply(one).contains(query.name()))
            .filter(one -> after == null || order.compare(place.apply(one), after) > 0)
            .sorted(Comparator.comparing(place, order))
            .limit(query.limit() + 1L)
            .toList();
    JsonArrayBuilder page = Json.createArrayBuilder();
    found.stream().limit(query.limit()).forEach(one -> page.add(json.apply(one)));
    JsonObjectBuilder answer = Json.createObjectBuilder().add(name, page);
    if (found.size() > query.limit()) {
      answer.add("next", place.apply(found.get(query.limit() - 1)).cursor(sort));
    }
    return answer.build();
  }

  private Key<T> key(String wanted) {
    return keys.stream()
        .filter(key -> key.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new PartitaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "sort is one of "
                        + keys.stream().map(Key::name).toList()
                        + ", with - before it for the largest first"));
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }

  /** {@code {"total":3,"states":{"ALIVE":2,"DEAD":1}}}. */
  JsonObject summary(List<T> all) {
    Map<String, Long> states = new TreeMap<>();
    all.forEach(one -> states.merge(state.apply(one), 1L, Long::sum));
    JsonObjectBuilder counts = Json.createObjectBuilder();
    states.forEach(counts::add);
    return Json.createObjectBuilder().add("total", all.size()).add("states", counts).build();
  }

  /** A time, or null, in JSON. */
  static JsonValue json(@Nullable Instant time) {
    return time == null ? JsonValue.NULL : Json.createValue(time.toString());
  }
}
