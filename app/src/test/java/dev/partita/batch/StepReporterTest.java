// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.config.TestConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jberet.runtime.JobExecutionImpl;
import org.jberet.runtime.JobInstanceImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepReporterTest {
  @TempDir private Path output;
  private final List<Object> told = new ArrayList<>();
  private JobExecutionImpl job;
  private StepReporter reporter;

  @BeforeEach
  void open() {
    String jsl =
        "<job id=\"j\" xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"2.0\">"
            + "<step id=\"s\"><batchlet ref=\"b\"/></step></job>";
    job =
        new JobExecutionImpl(
            new JobInstanceImpl(
                new JobDefinitions(getClass().getClassLoader()).parse(jsl), "partita", "j"),
            new Properties());
    JobEvents events = new JobEvents(new JobLog(TestConfig.in(output)));
    events.listen(event -> told.add(event.fields().get("done")));
    reporter =
        new StepReporter(
            job, "s", 0, events, InstantSource.system(), ProgressMarks.in(output).of(1, "s", 0));
  }

  @Test
  void ofProgressThatFollowsAtOnceTheFirstAndTheLastAreTold() {
    for (int done = 0; done <= 5; done++) {
      reporter.progress(done, 5, "iterations");
    }
    assertThat(told).containsExactly(0L, 5L);
  }

  @Test
  void howFarAStoppedStepGotIsToldHoweverSoonItFollows() {
    reporter.progress(1, 5, "iterations");
    reporter.progress(2, 5, "iterations");
    job.stop();
    reporter.progress(3, 5, "iterations");
    assertThat(told).containsExactly(1L, 3L);
  }
}
