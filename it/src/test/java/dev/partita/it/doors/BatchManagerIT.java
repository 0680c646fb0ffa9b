// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.TestServer;
import dev.partita.it.server.Checkout;
import dev.partita.it.server.Credentials;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Liberty's own command {@code batchManager}, as it is, against our server. It speaks TLS only, so
 * the server has profiles/tls.xml, on loopback.
 */
class BatchManagerIT {
  /** What the command ends with, by its own help, when it waited for a job. */
  private static final int STOPPED = 33;

  private static final int COMPLETED = 35;

  private static final Pattern INSTANCE = Pattern.compile("instance[^0-9]{1,20}([0-9]+)");
  private static final int PORT = ServerProcess.freePort();
  private static final ServerProcess SERVER = TestServer.create("batch-manager");

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    SERVER.directory().useProfile("tls.xml");
    SERVER
        .with("partita.https.host", "127.0.0.1")
        .with("partita.https.port", Integer.toString(PORT))
        .with("partita.public.host", "localhost")
        .with("partita.keystore.password", UUID.randomUUID().toString())
        .start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  /** How a call of the command ended, and what it printed. */
  private record Call(int status, String output) {
    Call expect(int wanted) {
      assertThat(status).as(output).isEqualTo(wanted);
      return this;
    }

    long instance() {
      Matcher found = INSTANCE.matcher(output);
      assertThat(found.find()).as("a job instance id in\n%s", output).isTrue();
      return Long.parseLong(found.group(1));
    }
  }

  @Test
  void itSubmitsAndWaitsAndShowsTheJobLog() throws Exception {
    Call echo =
        call(
                "submit",
                "--applicationName=partita",
                "--jobXMLName=echo",
                "--jobParameter=text=from batchManager",
                "--wait",
                "--pollingInterval_s=1",
                "--getJobLog")
            .expect(COMPLETED);
    assertThat(echo.output).contains("COMPLETED");
    long instance = echo.instance();
    assertThat(call("status", "--jobInstanceId=" + instance).expect(0).output)
        .contains("from batchManager");
    assertThat(call("listJobs", "--jobInstanceId=" + instance).expect(0).output)
        .contains("echo", "COMPLETED");

    Path jsl = Files.writeString(directory.resolve("own.xml"), ownJob());
    assertThat(
            call(
                    "submit",
                    "--applicationName=partita",
                    "--jobXMLFile=" + jsl,
                    "--wait",
                    "--pollingInterval_s=1")
                .expect(COMPLETED)
                .output)
        .contains("COMPLETED");
  }

  @Test
  void itStopsRestartsFetchesTheLogAndPurges() throws Exception {
    PartitaClient admin = SERVER.client("admin");
    List<String> submission = new ArrayList<>();
    submission.add("--applicationName=partita");
    submission.add("--jobXMLName=train-text");
    Map<String, String> parameters = new TreeMap<>(MainJob.quickTraining("batch-manager", 2));
    parameters.put("epochs", "50");
    parameters.forEach((key, value) -> submission.add("--jobParameter=" + key + "=" + value));
    String id =
        "--jobInstanceId=" + call("submit", submission.toArray(String[]::new)).expect(0).instance();
    long instance = Long.parseLong(id.replaceAll(".*=", ""));
    awaitStep(admin, instance);
    stop(id);

    assertThat(call("restart", id, "--reusePreviousParams").expect(0).output).contains("restart");
    awaitStep(admin, instance);
    assertThat(admin.executions(instance)).hasSize(2);
    stop(id);

    Path log = directory.resolve("log.txt");
    call("getJobLog", id, "--outputFile=" + log).expect(0);
    assertThat(log).content().contains("train");
    Path zip = directory.resolve("log.zip");
    call("getJobLog", id, "--type=zip", "--outputFile=" + zip).expect(0);
    assertThat(Files.readAllBytes(zip)).startsWith('P', 'K');

    call("purge", id).expect(0);
    admin.get("/ibm/api/batch/v2/jobinstances/" + instance).expect(400);
    assertThat(call("status", id).status).isNotZero();
  }

  private void stop(String id) throws Exception {
    call("stop", id, "--wait", "--pollingInterval_s=1").expect(STOPPED);
  }

  private static void awaitStep(PartitaClient admin, long instance) throws InterruptedException {
    long end = System.nanoTime() + MainJob.LIMIT.toNanos();
    while (!admin.batchStatus(instance).equals("STARTED")
        || admin
            .steps(admin.executions(instance).get(0).getJsonNumber("executionId").longValue())
            .isEmpty()) {
      assertThat(System.nanoTime()).as("a step of %s", instance).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static String ownJob() throws IOException {
    return Files.readString(Checkout.find().root().resolve("batch-jobs/echo.xml"))
        .replace("job id=\"echo\"", "job id=\"own\"");
  }

  private Call call(String action, String... arguments) throws Exception {
    Checkout checkout = Checkout.find();
    List<String> command =
        Stream.concat(
                Stream.of(
                    checkout.liberty().resolve("bin/batchManager").toString(),
                    action,
                    "--controlPropertiesFile=" + control(),
                    "--trustSslCertificates"),
                Arrays.stream(arguments))
            .toList();
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError(command + " does not end:\n" + Files.readString(output));
    }
    return new Call(process.exitValue(), command + "\n" + Files.readString(output));
  }

  /** A password on the command line would be seen by everybody on the machine. */
  private Path control() throws IOException {
    Path file = directory.resolve("control.properties");
    if (!Files.exists(file)) {
      Credentials admin = Credentials.read(SERVER.directory().credentials(), "admin");
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          file,
          "batchManager=localhost:%d\nuser=%s\npassword=%s\n"
              .formatted(PORT, admin.user(), admin.password()));
    }
    return file;
  }
}
