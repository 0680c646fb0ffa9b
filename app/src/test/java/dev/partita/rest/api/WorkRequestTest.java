// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.PlacementGroup;
import dev.partita.scheduling.PlacementStrategy;
import dev.partita.scheduling.Resources;
import dev.partita.task.ActorOptions;
import dev.partita.task.Delivery;
import dev.partita.task.PlacementGroupRef;
import dev.partita.task.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkRequestTest {
  private static PlacementGroupRef.Part noBundle(String group, Integer index) {
    throw new PartitaException(ErrorCode.NOT_FOUND, group + " " + index);
  }

  private static WorkRequest read(String json) {
    return WorkRequest.read(json, Set.of("task", "arguments", "options", "bundles", "strategy"));
  }

  private static TaskOptions task(String options) {
    return read("{\"options\":" + options + "}").taskOptions(WorkRequestTest::noBundle);
  }

  @Test
  void nothingGivenIsTheDefault() {
    assertThat(read("{}").taskOptions(WorkRequestTest::noBundle)).isEqualTo(TaskOptions.DEFAULT);
    assertThat(read("{}").actorOptions(WorkRequestTest::noBundle)).isEqualTo(ActorOptions.DEFAULT);
    assertThat(read("{}").arguments()).isEqualTo("[]");
  }

  @Test
  void everyOptionOfATaskArrives() {
    TaskOptions options =
        task(
            """
            {"name":"n","resources":"cpu=2,licence=1","maxRetries":5,"timeout":"PT3S",
             "priority":-7,"labels":{"zone":"a"},"pools":["spot","cpu"]}""");
    assertThat(options.name()).isEqualTo("n");
    assertThat(options.resources()).isEqualTo(Resources.parse("cpu=2,licence=1"));
    assertThat(options.retries().most()).isEqualTo(5);
    assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(options.priority()).isEqualTo(-7);
    assertThat(options.where().labels()).isEqualTo(Map.of("zone", "a"));
    assertThat(options.where().pools()).isEqualTo(List.of("spot", "cpu"));
  }

  @Test
  void everyOptionOfAnActorArrives() {
    ActorOptions options =
        read("""
                {"options":{"name":"n","resources":"cpu=1","maxRestarts":2,
                 "delivery":"AT_MOST_ONCE","maxConcurrency":4,"mailbox":9,
                 "labels":{"zone":"a"},"pools":["cpu"]}}""")
            .actorOptions(WorkRequestTest::noBundle);
    assertThat(options.maxRestarts()).isEqualTo(2);
    assertThat(options.delivery()).isEqualTo(Delivery.AT_MOST_ONCE);
    assertThat(options.limits()).isEqualTo(new ActorOptions.Limits(4, 9));
    assertThat(options.where().labels()).isEqualTo(Map.of("zone", "a"));
  }

  @Test
  void argumentsStayAsTheyAre() {
    assertThat(read("{\"arguments\":[1.50,\"a\\u0000\",{\"b\":[null]}]}").arguments())
        .isEqualTo("[1.50,\"a\\u0000\",{\"b\":[null]}]");
  }

  @Test
  void aPlacementGroupIsAGang() {
    PlacementGroup group =
        read("{\"bundles\":[\"cpu=1\",\"gpu=0.5\"],\"strategy\":\"STRICT_SPREAD\"}")
            .placementGroup();
    assertThat(group.strategy()).isEqualTo(PlacementStrategy.STRICT_SPREAD);
    assertThat(group.gangMin()).isEqualTo(2);
    assertThatThrownBy(() -> read("{}").placementGroup()).hasMessageContaining("bundles");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"tsak\":\"x\"}",
        "{\"task\":1}",
        "{\"arguments\":{}}",
        "{\"options\":[]}",
        "{\"options\":{\"retries\":1}}",
        "{\"options\":{\"maxRetries\":\"1\"}}",
        "{\"options\":{\"maxRetries\":1.5}}",
        "{\"options\":{\"maxRetries\":-1}}",
        "{\"options\":{\"priority\":4294967296}}",
        "{\"options\":{\"timeout\":\"soon\"}}",
        "{\"options\":{\"timeout\":\"-PT1S\"}}",
        "{\"options\":{\"resources\":\"cpu=many\"}}",
        "{\"options\":{\"labels\":{\"a\":1}}}",
        "{\"options\":{\"pools\":\"cpu\"}}"
      })
  void whatIsWrongIsRefused(String json) {
    assertRefused(json);
  }

  @Test
  void whatIsTooDeepIsRefused() {
    assertRefused("{\"arguments\":" + "[".repeat(100_000));
  }

  private static void assertRefused(String json) {
    assertThatThrownBy(
            () -> {
              WorkRequest request = read(json);
              request.required("task");
              request.arguments();
              request.taskOptions(WorkRequestTest::noBundle);
            })
        .isInstanceOfSatisfying(
            PartitaException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }
}
