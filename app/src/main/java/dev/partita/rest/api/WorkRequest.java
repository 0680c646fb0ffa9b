// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.Bundle;
import dev.partita.scheduling.PlacementGroup;
import dev.partita.scheduling.PlacementStrategy;
import dev.partita.scheduling.Resources;
import dev.partita.task.ActorOptions;
import dev.partita.task.Delivery;
import dev.partita.task.PlacementGroupRef;
import dev.partita.task.TaskOptions;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that has something run: a JSON object. Everything wrong with it is
 * INVALID_ARGUMENT and names the member, also one that nobody knows: an option that is misspelt
 * would else be passed over.
 */
final class WorkRequest {
  private static final int MAX_NAME = 200;
  private static final int MAX_BUNDLES = 1_000;

  /** Finds a bundle of a placement group by the group's id and its own number. */
  interface Bundles extends BiFunction<String, Integer, PlacementGroupRef.Part> {}

  private final JsonObject object;
  private final String path;

  private WorkRequest(JsonObject object, String path) {
    this.object = object;
    this.path = path;
  }

  static WorkRequest read(String json, Set<String> members) {
    try (var reader = Json.createReader(new StringReader(json))) {
      return new WorkRequest(reader.readObject(), "").knowing(members);
    } catch (JsonException | ArithmeticException | IllegalStateException e) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "the body is no JSON object: " + e.getMessage(), e);
    } catch (PartitaException e) {
      throw e;
    } catch (RuntimeException e) {
      // The parser's own refusal of too deep or too long input has no type of its own.
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "the body is refused: " + e.getMessage(), e);
    }
  }

  private WorkRequest knowing(Set<String> members) {
    for (String member : object.keySet()) {
      if (!members.contains(member)) {
        String shown = member.length() <= MAX_NAME ? member : member.substring(0, MAX_NAME);
        throw wrong(shown, "is not known here; there is " + new java.util.TreeSet<>(members));
      }
    }
    return this;
  }

  String required(String member) {
    String value = text(member);
    if (value == null) {
      throw wrong(member, "must be given");
    }
    return value;
  }

  /** The arguments, a JSON array again; none given: none. */
  String arguments() {
    JsonValue value = object.get("arguments");
    if (value == null) {
      return "[]";
    }
    if (!(value instanceof JsonArray)) {
      throw wrong("arguments", "must be an array");
    }
    return value.toString();
  }

  @Nullable String json(String member) {
    JsonValue value = object.get(member);
    return value == null ? null : value.toString();
  }

  TaskOptions taskOptions(Bundles bundles) {
    WorkRequest given =
        options(
            Set.of(
                "name",
                "resources",
                "maxRetries",
                "timeout",
                "priority",
                "labels",
                "pools",
                "placementGroup",
                "bundle"));
    TaskOptions options = TaskOptions.DEFAULT.withName(given.name());
    options =
        options
            .withMaxRetries(given.number("maxRetries", options.retries().most()))
            .withTimeout(given.duration("timeout", Duration.ZERO))
            .withPriority(given.number("priority", 0))
            .withPools(given.texts("pools").toArray(String[]::new))
            .withLabels(given.labels());
    String resources = given.text("resources");
    options = resources == null ? options : options.withResources(resources);
    PlacementGroupRef.Part part = given.part(bundles);
    return part == null ? options : options.in(part);
  }

  ActorOptions actorOptions(Bundles bundles) {
    WorkRequest given =
        options(
            Set.of(
                "name",
                "resources",
                "maxRestarts",
                "delivery",
                "maxConcurrency",
                "mailbox",
                "labels",
                "pools",
                "placementGroup",
                "bundle"));
    ActorOptions options = ActorOptions.DEFAULT.withName(given.name());
    Delivery delivery = given.delivery();
    options =
        options
            .withMaxRestarts(given.number("maxRestarts", options.maxRestarts()))
            .withMaxConcurrency(given.number("maxConcurrency", options.limits().maxConcurrency()))
            .withMailbox(given.number("mailbox", options.limits().mailbox()))
            .withDelivery(delivery == null ? options.delivery() : delivery)
            .withPools(given.texts("pools").toArray(String[]::new))
            .withLabels(given.labels());
    String resources = given.text("resources");
    options = resources == null ? options : options.withResources(resources);
    PlacementGroupRef.Part part = given.part(bundles);
    return part == null ? options : options.in(part);
  }

  /** A gang of {@code bundles}, each as {@code cpu=1,gpu=0.5}. */
  PlacementGroup placementGroup() {
    List<String> bundles = texts("bundles");
    if (bundles.isEmpty() || bundles.size() > MAX_BUNDLES) {
      throw wrong("bundles", "are 1 to " + MAX_BUNDLES + " texts as \"cpu=1,gpu=0.5\"");
    }
    PlacementStrategy strategy = PlacementStrategy.PACK;
    String text = text("strategy");
    if (text != null) {
      strategy = one("strategy", text, PlacementStrategy.values());
    }
    return PlacementGroup.gang(
        bundles.stream().map(bundle -> new Bundle(Resources.parse(bundle))).toList(), strategy);
  }

  @Nullable Delivery delivery() {
    String text = text("delivery");
    return text == null ? null : one("delivery", text, Delivery.values());
  }

  /** ISO 8601, as {@code PT10S}. */
  Duration duration(String member, Duration otherwise) {
    String text = text(member);
    try {
      return text == null ? otherwise : Duration.parse(text);
    } catch (DateTimeException e) {
      throw wrong(member, "is a duration as PT10S, not " + text);
    }
  }

  private <E extends Enum<E>> E one(String member, String text, E[] all) {
    for (E value : all) {
      if (value.name().equals(text)) {
        return value;
      }
    }
    throw wrong(member, "is one of " + List.of(all) + ", not " + text);
  }

  private WorkRequest options(Set<String> members) {
    JsonValue value = object.get("options");
    if (value == null) {
      return new WorkRequest(JsonValue.EMPTY_JSON_OBJECT, "options.");
    }
    if (!(value instanceof JsonObject given)) {
      throw wrong("options", "must be an object");
    }
    return new WorkRequest(given, "options.").knowing(members);
  }

  private String name() {
    String name = text("name");
    if (name != null && name.length() > MAX_NAME) {
      throw wrong("name", "has at most " + MAX_NAME + " characters");
    }
    return name == null ? "" : name;
  }

  private PlacementGroupRef.@Nullable Part part(Bundles bundles) {
    String group = text("placementGroup");
    return group == null ? null : bundles.apply(group, number("bundle", 0));
  }

  private @Nullable String text(String member) {
    JsonValue value = object.get(member);
    if (value == null) {
      return null;
    }
    if (value instanceof JsonString text) {
      return text.getString();
    }
    throw wrong(member, "must be a string");
  }

  private int number(String member, int otherwise) {
    JsonValue value = object.get(member);
    if (value == null) {
      return otherwise;
    }
    try {
      if (value instanceof JsonNumber number) {
        return number.intValueExact();
      }
    } catch (ArithmeticException e) {
      throw wrong(member, "must be a whole number of 32 bits");
    }
    throw wrong(member, "must be a whole number");
  }

  private List<String> texts(String member) {
    JsonValue value = object.get(member);
    List<String> texts = new ArrayList<>();
    if (value == null) {
      return texts;
    }
    if (!(value instanceof JsonArray array)) {
      throw wrong(member, "must be an array of strings");
    }
    for (JsonValue one : array) {
      if (!(one instanceof JsonString text)) {
        throw wrong(member, "must be an array of strings");
      }
      texts.add(text.getString());
    }
    return texts;
  }

  private Map<String, String> labels() {
    JsonValue value = object.get("labels");
    Map<String, String> labels = new HashMap<>();
    if (value == null) {
      return labels;
    }
    if (!(value instanceof JsonObject given)) {
      throw wrong("labels", "must be an object of strings");
    }
    given.forEach(
        (label, one) -> {
          if (!(one instanceof JsonString text)) {
            throw wrong("labels", "must be an object of strings");
          }
          labels.put(label, text.getString());
        });
    return labels;
  }

  private PartitaException wrong(String member, String why) {
    return new PartitaException(ErrorCode.INVALID_ARGUMENT, path + member + " " + why);
  }
}
