// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private final Timeline timeline = new Timeline();

  @Test
  void tellsWhatRanWhenAndWhere() {
    Instant before = Instant.now();
    long from = System.nanoTime();
    timeline.add(TimelineEvent.Kind.TASK, "Texts.count", from);
    TimelineEvent event = timeline.last(Duration.ofMinutes(1)).get(0);
    assertThat(event.kind()).isEqualTo(TimelineEvent.Kind.TASK);
    assertThat(event.name()).isEqualTo("Texts.count");
    assertThat(event.lastedNanos()).isPositive();
    assertThat(Instant.ofEpochMilli(event.startedMicros() / 1_000))
        .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1));
    assertThat(event.thread().name()).isEqualTo(Thread.currentThread().getName());
  }

  @Test
  void whatEndedLongerAgoIsLeftOut() {
    timeline.add(TimelineEvent.Kind.TASK, "now", System.nanoTime());
    assertThat(timeline.last(Duration.ofMinutes(1))).hasSize(1);
    assertThat(timeline.last(Duration.ofNanos(1))).isEmpty();
  }

  @Test
  void keepsTheLastAndNoMore() {
    for (int i = 0; i < Timeline.SIZE + 10; i++) {
      timeline.add(TimelineEvent.Kind.ACTOR_CALL, "call " + i, System.nanoTime());
    }
    List<String> names =
        timeline.last(Duration.ofMinutes(10)).stream().map(TimelineEvent::name).toList();
    assertThat(names)
        .hasSize(Timeline.SIZE)
        .contains("call 10", "call " + (Timeline.SIZE + 9))
        .doesNotContain("call 9");
  }

  @Test
  void whoWatchesHearsOfEach() {
    List<String> heard = new ArrayList<>();
    timeline.watch(
        List.of(
            new TaskWatcher() {
              @Override
              public void sent(long waitedNanos) {
                heard.add("sent " + waitedNanos);
              }

              @Override
              public void ran(TimelineEvent.Kind kind, long nanos) {
                heard.add("ran " + kind);
              }
            }));
    timeline.sent(7);
    timeline.add(TimelineEvent.Kind.TRANSFER, "object", System.nanoTime());
    assertThat(heard).containsExactly("sent 7", "ran TRANSFER");
  }
}
