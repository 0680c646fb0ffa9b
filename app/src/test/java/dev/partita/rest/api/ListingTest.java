// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.PartitaException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ListingTest {
  private record Thing(String id, String state, long size) {}

  private static final Listing<Thing> LISTING =
      new Listing<>(
          "things",
          Thing::id,
          Thing::state,
          Thing::id,
          List.of(
              new Listing.Key<>("size", thing -> Listing.key(thing.size())),
              new Listing.Key<>("state", Thing::state)));

  private static List<Thing> things(int count) {
    List<Thing> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new Thing("id" + (i * 7919) % 1000, i % 3 == 0 ? "A" : "B", (i * 31) % 50));
    }
    return all;
  }

  private static JsonObject page(List<Thing> all, @Nullable String sort, @Nullable String after) {
    return LISTING.page(
        all,
        new Listing.Query(null, null, sort, 10, after),
        thing -> Json.createObjectBuilder().add("id", thing.id()).add("size", thing.size()));
  }

  private static List<String> ids(JsonObject page) {
    return page.getJsonArray("things").stream()
        .map(thing -> thing.asJsonObject().getString("id"))
        .toList();
  }

  @Test
  void pagesTogetherAreTheWholeListOnce() {
    List<Thing> all = things(137);
    List<String> seen = new ArrayList<>();
    JsonObject page = page(all, "size", null);
    seen.addAll(ids(page));
    while (page.containsKey("next")) {
      page = page(all, "size", page.getString("next"));
      seen.addAll(ids(page));
    }
    assertThat(seen).hasSize(137).doesNotHaveDuplicates();
  }

  @Test
  void whatComesAndGoesMovesNothingAcrossPages() {
    List<Thing> all = new ArrayList<>(things(100));
    JsonObject first = page(all, "size", null);
    List<String> seen = new ArrayList<>(ids(first));
    // Half of the first page goes, and others come before its end.
    all.removeIf(thing -> seen.indexOf(thing.id()) % 2 == 1);
    all.add(new Thing("newcomer", "A", 0));
    JsonObject page = first;
    while (page.containsKey("next")) {
      page = page(all, "size", page.getString("next"));
      seen.addAll(ids(page));
    }
    assertThat(seen).doesNotHaveDuplicates().doesNotContain("newcomer");
    assertThat(seen).hasSize(100);
  }

  @Test
  void theLargestComeFirstUnlessAskedOtherwise() {
    List<Thing> all = things(60);
    assertThat(sizes(page(all, null, null))).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(sizes(page(all, "size", null))).isSorted();
  }

  private static List<Long> sizes(JsonObject page) {
    return page.getJsonArray("things").stream()
        .map(thing -> thing.asJsonObject().getJsonNumber("size").longValue())
        .toList();
  }

  @Test
  void filtersByStateAndName() {
    List<Thing> all = things(30);
    Predicate<Thing> wanted = thing -> thing.state().equals("A") && thing.id().contains("9");
    JsonObject page =
        LISTING.page(
            all,
            new Listing.Query("A", "9", null, 1000, null),
            thing -> Json.createObjectBuilder().add("id", thing.id()));
    assertThat(ids(page))
        .containsExactlyInAnyOrderElementsOf(all.stream().filter(wanted).map(Thing::id).toList());
  }

  @Test
  void aWrongQueryIsNamed() {
    List<Thing> all = things(30);
    String next = page(all, "size", null).getString("next");
    assertThatThrownBy(() -> page(all, "colour", null)).hasMessageContaining("[size, state]");
    for (String cursor : List.of("!", "AAAA", next)) {
      assertThatThrownBy(() -> page(all, "-size", cursor))
          .isInstanceOf(PartitaException.class)
          .hasMessageContaining("after=");
    }
  }

  @Test
  void keysOfTimesAndNumbersSortAsTheySay() {
    assertThat(Listing.key(9)).isLessThan(Listing.key(10));
    assertThat(Listing.key(Instant.ofEpochSecond(9, 999)))
        .isLessThan(Listing.key(Instant.ofEpochSecond(10)));
    assertThat(Listing.key((Instant) null)).isLessThan(Listing.key(Instant.EPOCH));
  }

  @Test
  void theSummaryCountsStates() {
    JsonObject summary = LISTING.summary(things(9));
    assertThat(summary.getInt("total")).isEqualTo(9);
    assertThat(summary.getJsonObject("states").getInt("A")).isEqualTo(3);
    assertThat(summary.getJsonObject("states").getInt("B")).isEqualTo(6);
  }
}
