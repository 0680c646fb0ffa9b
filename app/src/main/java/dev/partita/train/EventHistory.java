// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.batch.EventType;
import dev.partita.batch.JobEvent;
import dev.partita.batch.JobEvents;
import dev.partita.batch.StepCommits;
import dev.partita.batch.StepProgress;
import dev.partita.batch.StoredEvent;
import dev.partita.checkpoint.Checkpoint;
import dev.partita.config.PodClock;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The history of a run as events of its job instance. */
final class EventHistory implements RunHistory {
  private static final int PAGE = 1_000;

  private final JobEvents events;
  private final StepCommits commits;
  private final StepProgress step;

  EventHistory(JobEvents events, StepCommits commits, StepProgress step) {
    this.events = events;
    this.commits = commits;
    this.step = step;
  }

  @Override
  public long lastSeenIteration() {
    long seen = 0;
    long seq = 0;
    List<StoredEvent> page;
    do {
      page = events.after(step.instanceId(), seq, PAGE, Set.of(EventType.PROGRESS));
      for (StoredEvent event : page) {
        seen = Math.max(seen, iterationOf(event));
        seq = event.seq();
      }
    } while (page.size() == PAGE);
    return seen;
  }

  private long iterationOf(StoredEvent event) {
    try (var reader = Json.createReader(new StringReader(event.json()))) {
      JsonObject json = reader.readObject();
      boolean mine = step.stepName().equals(json.getString("step", ""));
      return mine ? json.getJsonNumber("done").longValue() : 0;
    }
  }

  @Override
  public void checkpoint(Checkpoint checkpoint, Duration stall, Duration write) {
    commits.committed(step.instanceId(), step.stepName());
    publish(
        EventType.CHECKPOINT,
        Map.of(
            "iteration", checkpoint.point().iteration(),
            "bytes", checkpoint.bytes(),
            "stallSeconds", seconds(stall),
            "writeSeconds", seconds(write)));
  }

  @Override
  public void recovery(long furthest, long resumedAt) {
    publish(
        EventType.RECOVERY,
        Map.of(
            "resumedAt",
            resumedAt,
            "redone",
            Math.max(0, furthest - resumedAt),
            "unit",
            "iterations"));
  }

  private void publish(EventType type, Map<String, Object> fields) {
    events.publish(
        new JobEvent(
            step.instanceId(),
            step.executionId(),
            step.stepName(),
            null,
            type,
            PodClock.now(),
            fields));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
