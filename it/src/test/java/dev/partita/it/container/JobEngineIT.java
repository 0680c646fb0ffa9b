// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partita.batch.BatchState;
import dev.partita.batch.JobHistory;
import dev.partita.batch.JobInstanceInfo;
import dev.partita.batch.JobLauncher;
import dev.partita.batch.JobSubmission;
import dev.partita.batch.Submission;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.it.server.Checkout;
import jakarta.inject.Inject;
import java.util.Map;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a bean of a user's own may do with the job engine, tried by beans inside the server. */
@ExtendWith({ContainerServer.class, ArquillianExtension.class})
class JobEngineIT {
  private static final long PATIENCE_MILLIS = 60_000;

  @Inject private JobLauncher launcher;
  @Inject private JobHistory history;

  @Deployment
  static WebArchive ourWarWithThisTest() {
    return ShrinkWrap.create(ZipImporter.class, "partita.war")
        .importFrom(Checkout.find().root().resolve("app/target/partita.war").toFile())
        .as(WebArchive.class)
        .addClasses(JobEngineIT.class, ContainerServer.class);
  }

  @Test
  void aBeanSubmitsAPackagedJobAndReadsWhatBecameOfIt() throws InterruptedException {
    Submission submission =
        launcher.submit(
            new JobSubmission("partita", "echo", null, Map.of("text", "from inside"), "a bean"));
    JobInstanceInfo ended = await(submission.instanceId());
    assertEquals(BatchState.COMPLETED, ended.batchState());
    assertEquals("a bean", ended.submitter());
    assertEquals("from inside", history.steps(submission.executionId()).get(0).exitStatus());
  }

  @Test
  void anEndedJobCannotBeRestartedAndAnUnknownOneIsNotFound() throws InterruptedException {
    Submission submission =
        launcher.submit(new JobSubmission("partita", "echo", null, Map.of(), "a bean"));
    await(submission.instanceId());
    PartitaException ended =
        assertThrows(
            PartitaException.class, () -> launcher.restart(submission.executionId(), Map.of()));
    assertEquals(ErrorCode.CONFLICT, ended.code());
    PartitaException unknown =
        assertThrows(PartitaException.class, () -> history.instance(Long.MAX_VALUE));
    assertEquals(ErrorCode.NOT_FOUND, unknown.code());
  }

  @Test
  void theCatalogueIsInTheApplication() {
    assertTrue(launcher.jobDefinitions().contains("train-text"));
    assertFalse(launcher.jobDefinitions().contains("train-text.xml"));
  }

  private JobInstanceInfo await(long instanceId) throws InterruptedException {
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    JobInstanceInfo instance = history.instance(instanceId);
    while (!instance.batchState().ended()) {
      assertTrue(System.currentTimeMillis() < deadline, () -> "still running: " + instanceId);
      Thread.sleep(50);
      instance = history.instance(instanceId);
    }
    return instance;
  }
}
