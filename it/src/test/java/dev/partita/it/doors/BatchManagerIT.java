// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.doors.BatchManagerCommand.Outcome;
import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.Credentials;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Open Liberty's own client of the batch REST contract, the command {@code batchManager}, against
 * our server: what it prints and returns is what it promises for Liberty's batch container.
 */
class BatchManagerIT {
  private static final String HOST = "localhost";
  private static final String PASSWORD = UUID.randomUUID().toString();
  private static final int PORT = ServerProcess.freePort();
  private static final ServerProcess SERVER = TestServer.create("batch-manager");
  private static final Pattern SUBMITTED =
      Pattern.compile("CWWKY0101I: Job (\\S+) with instance ID (\\d+) has been submitted");

  @TempDir private static Path files;

  @BeforeAll
  static void start() {
    SERVER.directory().useProfile("tls.xml");
    SERVER
        .with("partita.https.host", "127.0.0.1")
        .with("partita.https.port", Integer.toString(PORT))
        .with("partita.public.host", HOST)
        .with("partita.keystore.password", PASSWORD)
        .start();
    BatchManagerCommand.exportCertificates(
        SERVER.directory().server().resolve("resources/security/key.p12"),
        PASSWORD,
        files.resolve("trust.p12"));
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void aSubmissionWaitsForItsEndAndShowsItsLog() {
    Outcome submit =
        run(
            "submit",
            "--applicationName=partita",
            "--jobXMLName=echo",
            "--jobParameter=text=hello from afar",
            "--wait",
            "--pollingInterval_s=1",
            "--verbose",
            "--getJobLog");
    assertThat(submit.status()).as(submit.text()).isEqualTo(BatchManagerCommand.COMPLETED);
    assertThat(submit.text())
        .contains(
            "CWWKY0105I: Job echo with instance ID "
                + instance(submit)
                + " has finished. Batch status: COMPLETED. Exit status: COMPLETED")
        .contains("step say batchStatus=COMPLETED exitStatus=hello from afar");
  }

  @Test
  void itReturnsTheExitStatusOfAJobInAFile() throws IOException {
    Path jsl = files.resolve("seven.xml");
    Files.writeString(
        jsl,
        """
        <job id="seven" version="2.0" xmlns="https://jakarta.ee/xml/ns/jakartaee">
          <step id="say">
            <batchlet ref="echoBatchlet">
              <properties><property name="text" value="#{jobParameters['text']}"/></properties>
            </batchlet>
            <fail on="*" exit-status="7: as the file says"/>
          </step>
        </job>
        """);
    Path parameters = files.resolve("job.properties");
    Files.writeString(parameters, "text=anything\n");
    List<String> options =
        List.of(
            "--applicationName=partita",
            "--jobXMLFile=" + jsl,
            "--jobParametersFile=" + parameters,
            "--wait",
            "--pollingInterval_s=1");
    Outcome failed = run("submit", options.toArray(String[]::new));
    assertThat(failed.status()).as(failed.text()).isEqualTo(BatchManagerCommand.FAILED);
    List<String> more = new ArrayList<>(options);
    more.add("--returnExitStatus");
    Outcome seven = run("submit", more.toArray(String[]::new));
    assertThat(seven.status()).as(seven.text()).isEqualTo(7);
  }

  @Test
  void aTrainingIsStoppedRestartedListedReadAndPurged() throws Exception {
    List<String> options = new ArrayList<>(List.of("--applicationName=partita"));
    options.add("--jobXMLName=train-text");
    MainJob.quickTraining("batch-manager", 2)
        .forEach(
            (name, value) ->
                options.add(
                    "--jobParameter=" + name + "=" + (name.equals("epochs") ? "8" : value)));
    Outcome submit = run("submit", options.toArray(String[]::new));
    assertThat(submit.status()).as(submit.text()).isZero();
    long instance = instance(submit);
    String id = "--jobInstanceId=" + instance;
    awaitTraining(instance);
    assertThat(run("status", id).text()).contains("\"batchStatus\":\"STARTED\"");
    Outcome active = run("purge", id);
    assertThat(active.text()).doesNotContain("CWWKY0115I");

    Outcome stop = run("stop", id, "--wait", "--pollingInterval_s=1");
    assertThat(stop.status()).as(stop.text()).isEqualTo(BatchManagerCommand.STOPPED);
    assertThat(stop.text()).contains("CWWKY0104I", "CWWKY0103I", "Batch status: STOPPED");
    Outcome restart =
        run("restart", id, "--reusePreviousParams", "--wait", "--pollingInterval_s=1");
    assertThat(restart.status()).as(restart.text()).isEqualTo(BatchManagerCommand.COMPLETED);
    assertThat(restart.text()).contains("CWWKY0102I", "Batch status: COMPLETED");

    Outcome status = run("status", id);
    assertThat(status.status()).as(status.text()).isEqualTo(BatchManagerCommand.COMPLETED);
    assertThat(status.text())
        .contains("CWWKY0106I", "\"batchStatus\":\"STOPPED\"", "\"batchStatus\":\"COMPLETED\"");
    Outcome list = run("listJobs", "--instanceState=COMPLETED", "--createTime=>1d");
    assertThat(list.status()).as(list.text()).isZero();
    assertThat(list.text()).contains("\"instanceId\":" + instance + ",");
    readLogs(id);
    Outcome purge = run("purge", id);
    assertThat(purge.status()).as(purge.text()).isZero();
    assertThat(purge.text()).contains("CWWKY0115I: Job train-text with instance ID " + instance);
    assertThat(run("status", id).status()).as("nothing is left").isNotZero();
    client().get("/ibm/api/batch/jobinstances/" + instance).expect(400);
  }

  private static void readLogs(String id) throws IOException {
    Outcome text = run("getJobLog", id);
    assertThat(text.status()).as(text.text()).isZero();
    assertThat(text.text()).contains("batchStatus=STOPPED", "batchStatus=COMPLETED");
    Path zip = files.resolve("log.zip");
    assertThat(run("getJobLog", id, "--type=zip", "--outputFile=" + zip).status()).isZero();
    assertThat(new String(Files.readAllBytes(zip), 0, 2, StandardCharsets.US_ASCII))
        .isEqualTo("PK");
  }

  @Test
  void severalArePurgedAtOnce() {
    List<Long> gone = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Outcome submit =
          run(
              "submit",
              "--moduleName=partita.war",
              "--jobXMLName=echo",
              "--wait",
              "--pollingInterval_s=1");
      assertThat(submit.status()).as(submit.text()).isEqualTo(BatchManagerCommand.COMPLETED);
      gone.add(instance(submit));
    }
    Outcome purge = run("purge", "--jobInstanceId=" + gone.get(0) + "," + gone.get(1));
    assertThat(purge.status()).as(purge.text()).isZero();
    for (long instance : gone) {
      assertThat(purge.text())
          .contains(
              "CWWKY0117I: Attempt to purge job with instance id "
                  + instance
                  + " returned status: COMPLETED");
      client().get("/ibm/api/batch/jobinstances/" + instance).expect(400);
    }
  }

  /**
   * What it has no reason to trust it does not talk to, and strangers and readers start nothing.
   */
  @Test
  void whoIsNotTrustedSubmitsNothing() {
    int before = jobs();
    String[] echo = {"--applicationName=partita", "--jobXMLName=echo"};
    Outcome untrusted = command(credentials("admin"), null).run("submit", echo);
    assertThat(untrusted.status()).as(untrusted.text()).isNotZero();
    assertThat(untrusted.text()).contains("SSLHandshakeException");
    Outcome stranger =
        command(new Credentials("admin", "guess"), files.resolve("trust.p12")).run("submit", echo);
    assertThat(stranger.status()).as(stranger.text()).isNotZero();
    assertThat(stranger.text()).contains("401");
    Outcome reader =
        command(credentials("monitor"), files.resolve("trust.p12")).run("submit", echo);
    assertThat(reader.status()).as(reader.text()).isNotZero();
    assertThat(reader.text()).contains("403");
    assertThat(jobs()).isEqualTo(before);
  }

  private static int jobs() {
    return client().get("/ibm/api/batch/v2/jobinstances?pageSize=1000").expect(200).array().size();
  }

  private static void awaitTraining(long instance) throws InterruptedException {
    PartitaClient client = client();
    long end = System.nanoTime() + MainJob.LIMIT.toNanos();
    while (client.executions(instance).isEmpty()
        || client.executions(instance).get(0).getJsonArray("stepExecutions").size() < 2) {
      assertThat(System.nanoTime()).as("step train begins").isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static long instance(Outcome submitted) {
    Matcher matcher = SUBMITTED.matcher(submitted.text());
    assertThat(matcher.find()).as(submitted.text()).isTrue();
    return Long.parseLong(matcher.group(2));
  }

  private static PartitaClient client() {
    return SERVER.client("admin");
  }

  private static Credentials credentials(String user) {
    return Credentials.read(SERVER.directory().credentials(), user);
  }

  private static BatchManagerCommand command(Credentials caller, @Nullable Path trustStore) {
    return new BatchManagerCommand(HOST + ":" + PORT, caller, trustStore, PASSWORD);
  }

  private static Outcome run(String action, String... options) {
    return command(credentials("admin"), files.resolve("trust.p12")).run(action, options);
  }
}
