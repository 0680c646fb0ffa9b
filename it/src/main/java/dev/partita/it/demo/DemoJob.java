// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import dev.partita.it.server.PartitaClient;
import java.time.Duration;
import java.util.Map;

/**
 * One job of the demo: submitted, watched with progress bars, perhaps killed under way. Close it.
 */
final class DemoJob implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Screen screen;
  private final PartitaClient client;
  private final long instanceId;
  private final JobView view = new JobView();
  private final JobFollower follower;
  private final ProgressBoard board;

  DemoJob(Screen screen, PartitaClient client, String jobXmlName, Map<String, String> parameters) {
    this.screen = screen;
    this.client = client;
    instanceId = client.submit(jobXmlName, parameters);
    screen.say("Submitted %s as job %d %s", jobXmlName, instanceId, parameters);
    follower = new JobFollower(client, instanceId, view);
    board = new ProgressBoard(screen, () -> jobXmlName + ", " + view.title(), view::lines);
  }

  long instanceId() {
    return instanceId;
  }

  JobView view() {
    return view;
  }

  /**
   * Kills the server when the step has done {@code fraction} of its work, brings it back and waits
   * until the step goes on.
   *
   * @param unit what {@code step} counts, for a person; ends in s, as there is mostly more than one
   * @return work of the step that was done again
   */
  long kill(DemoServer server, String step, double fraction, String unit) {
    view.awaitFraction(step, fraction, LIMIT);
    long formerExecution = view.executionId();
    long pid = server.process().pid();
    String when = "at %.0f %% of step %s".formatted(100 * view.fraction(step), step);
    view.away(true);
    Duration back = server.killAndRevive(when);
    view.awaitResumed(formerExecution, step, LIMIT);
    view.away(false);
    long again = view.redone(step);
    screen.say(
        "killed pid %d … back after %.1f s, %,d %s run again",
        pid,
        DemoServer.seconds(back),
        again,
        again == 1 ? unit.substring(0, unit.length() - 1) : unit);
    return again;
  }

  /**
   * Waits for the end.
   *
   * @throws DemoFailedException if the job is not COMPLETED
   */
  void awaitCompleted() {
    String status = view.awaitEnd(LIMIT);
    if (!status.equals("COMPLETED")) {
      throw new DemoFailedException(
          "Job " + instanceId + " ended " + status + "\n" + client.log(instanceId));
    }
  }

  @Override
  public void close() {
    follower.close();
    board.close();
  }
}
