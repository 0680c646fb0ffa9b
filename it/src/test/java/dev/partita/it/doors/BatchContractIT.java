// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.MainJob;
import dev.partita.it.fixture.SharedServer;
import dev.partita.it.server.Answer;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The batch REST contract, as its existing clients rely on it. */
@ExtendWith(SharedServer.class)
class BatchContractIT {
  private static final String ROOT = "/ibm/api/batch/";
  private static final long UNKNOWN = 999_999_999;

  private PartitaClient admin;
  private URI base;

  @BeforeEach
  void signIn(ServerProcess server) {
    admin = server.client("admin");
    base = server.uri();
  }

  private Answer get(String path) {
    return admin.get(ROOT + path);
  }

  private long echo() {
    long instance = admin.submit("echo", Map.of("message", "hello"));
    assertThat(admin.await(instance, MainJob.LIMIT)).isEqualTo("COMPLETED");
    return instance;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v1/", "v2/", "v3/", "v4/"})
  void everyVersionHasTheSameResourcesAndItsLinksStayInIt(String version) {
    long instance = echo();
    assertThat(get(version + "jobinstances").expect(200).objects())
        .anyMatch(found -> found.getInt("instanceId") == instance);
    JsonObject one = get(version + "jobinstances/" + instance).expect(200).object();
    assertThat(hrefs(one)).isNotEmpty().allMatch(href -> href.startsWith(base + ROOT + version));
    long execution =
        get(version + "jobinstances/" + instance + "/jobexecutions")
            .expect(200)
            .objects()
            .get(0)
            .getInt("executionId");
    get(version + "jobexecutions/" + execution).expect(200);
    get(version + "jobexecutions/" + execution + "/stepexecutions").expect(200);
    assertThat(get(version + "jobdefinitions").expect(200).object().getJsonArray("jobdefinitions"))
        .contains(Json.createValue("echo"), Json.createValue("train-text"));
  }

  @Test
  void anInstanceAnExecutionAndItsStepsHaveTheContractsMembersAndLinksThatLead() {
    long id = echo();
    JsonObject instance = get("jobinstances/" + id).expect(200).object();
    assertThat(instance.keySet())
        .contains(
            "jobName",
            "instanceId",
            "appName",
            "submitter",
            "batchStatus",
            "jobXMLName",
            "instanceState",
            "lastUpdatedTime",
            "_links");
    assertThat(instance.getString("instanceState")).isEqualTo("COMPLETED");
    assertThat(instance.getString("jobXMLName")).isEqualTo("echo");
    JsonObject execution = get("jobinstances/" + id + "/jobexecutions/0").expect(200).object();
    assertThat(execution.keySet())
        .contains(
            "jobName",
            "executionId",
            "instanceId",
            "batchStatus",
            "exitStatus",
            "createTime",
            "endTime",
            "lastUpdatedTime",
            "startTime",
            "jobParameters",
            "restUrl",
            "serverId",
            "logpath",
            "stepExecutions",
            "_links");
    assertThat(execution.getJsonObject("jobParameters").getString("message")).isEqualTo("hello");
    assertThat(execution.getString("createTime"))
        .matches("\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} [+-]\\d{4}");
    long number = execution.getInt("executionId");
    assertThat(get("jobexecutions/" + number + "/jobinstance").expect(200).object())
        .isEqualTo(instance);
    JsonArray steps = get("jobexecutions/" + number + "/stepexecutions").expect(200).array();
    JsonObject step = steps.getJsonObject(0);
    assertThat(step.keySet())
        .contains(
            "stepExecutionId",
            "stepName",
            "executionId",
            "instanceId",
            "batchStatus",
            "startTime",
            "endTime",
            "exitStatus",
            "metrics",
            "partitions");
    assertThat(step.getJsonObject("metrics").values())
        .isNotEmpty()
        .allMatch(metric -> metric.getValueType() == JsonValue.ValueType.STRING);
    JsonObject last = steps.getJsonObject(steps.size() - 1);
    assertThat(last.keySet()).containsExactly("_links");
    assertThat(get("stepexecutions/" + step.getInt("stepExecutionId")).expect(200).array().get(0))
        .isEqualTo(step);
    assertThat(
            get("jobexecutions/" + number + "/stepexecutions/" + step.getString("stepName"))
                .expect(200)
                .array()
                .get(0))
        .isEqualTo(step);
    for (JsonObject linked : List.of(instance, execution, last)) {
      assertThat(hrefs(linked))
          .isNotEmpty()
          .allSatisfy(href -> admin.get(href.substring(base.toString().length())).expect(200));
    }
    assertThat(rels(execution))
        .as("nothing can be done with a completed one")
        .doesNotContain("stop url", "restart url");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jobinstances/%s",
        "jobinstances/%s/jobexecutions",
        "jobinstances/%s/jobexecutions/0",
        "jobinstances/%s/joblogs",
        "jobinstances/%s/joblogs?type=text",
        "jobexecutions/%s",
        "jobexecutions/%s/jobinstance",
        "jobexecutions/%s/joblogs",
        "jobexecutions/%s/joblogs?type=zip",
        "jobexecutions/%s/stepexecutions",
        "jobexecutions/%s/stepexecutions/none",
        "stepexecutions/%s"
      })
  void anUnknownIdIsABadRequest(String path) {
    for (Object id : List.of(UNKNOWN, "-1", "seven")) {
      JsonObject problem = get(path.formatted(id)).expect(400).object();
      assertThat(problem.getInt("status")).isEqualTo(400);
      assertThat(problem.getString("detail")).contains(id.toString());
    }
  }

  @Test
  void whatCannotBeChangedIsABadRequestOrAConflict() {
    admin.delete(ROOT + "jobinstances/" + UNKNOWN).expect(400);
    admin.put(ROOT + "jobinstances/" + UNKNOWN + "?action=stop", "").expect(400);
    admin.put(ROOT + "jobexecutions/" + UNKNOWN + "?action=restart", "").expect(400);
    long instance = echo();
    admin.put(ROOT + "jobinstances/" + instance + "?action=stop", "").expect(409);
    admin.put(ROOT + "jobinstances/" + instance + "?action=restart", "").expect(409);
    admin.put(ROOT + "jobinstances/" + instance + "?action=explode", "").expect(400);
    admin.put(ROOT + "jobinstances/" + instance, "").expect(400);
    get("jobinstances/" + instance + "/jobexecutions/1").expect(400);
    get("jobinstances/" + instance + "/joblogs?type=pdf").expect(400);
  }

  @Test
  void parametersOfALaterVersionAreNamedAndIgnored() {
    long instance = echo();
    Answer old = get("v1/jobinstances?page=0&pageSize=1&sort=-createTime&submitter=nobody");
    assertThat(old.headers().firstValue("X-IBM-Unrecognized-Fields")).contains("sort,submitter");
    assertThat(old.expect(200).array()).hasSize(1);
    Answer third =
        get("v3/jobinstances?jobInstanceId=" + instance + "&instanceState=COMPLETED&jobName=no");
    assertThat(third.headers().firstValue("X-IBM-Unrecognized-Fields")).contains("jobName");
    assertThat(third.expect(200).array()).hasSize(1);
    Answer fourth =
        get(
            "v4/jobinstances?jobInstanceId=%d:%d&jobName=EC*&ignoreCase=true&submitter=admin&appName=partita&jobParameter.message=hello&createTime=>1d&lastUpdatedTime=>1d&exitStatus=COMPLETED&sort=-createTime,jobName"
                .formatted(instance, instance)
                .replace(">", "%3E"));
    assertThat(fourth.headers().firstValue("X-IBM-Unrecognized-Fields")).isEmpty();
    assertThat(fourth.expect(200).array()).hasSize(1);
    assertThat(get("v4/jobinstances?jobInstanceId=" + instance + "&jobName=other").array())
        .isEmpty();
    get("v4/jobinstances?sort=colour").expect(400);
  }

  @Test
  void logsAreLinksTextOrZip() {
    long instance = echo();
    JsonArray links = get("jobinstances/" + instance + "/joblogs").expect(200).array();
    assertThat(links.getValuesAs(JsonObject.class))
        .extracting(link -> link.getString("rel"))
        .contains("joblog text", "joblog zip");
    Answer text = get("jobinstances/" + instance + "/joblogs?type=text").expect(200);
    for (int i = 0; i < 200 && !text.body().contains("COMPLETED"); i++) {
      pause(); // log lines trail what they tell of
      text = get("jobinstances/" + instance + "/joblogs?type=text").expect(200);
    }
    assertThat(text.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(text.body()).contains("COMPLETED");
    Answer zip = get("jobinstances/" + instance + "/joblogs?type=zip").expect(200);
    assertThat(zip.headers().firstValue("Content-Type")).contains("application/zip");
    assertThat(zip.body()).startsWith("PK");
  }

  @Test
  void aPurgeTellsOfEachInstanceAndMayLeaveTheLogs() {
    long first = echo();
    long second = echo();
    Path log = log(second);
    assertThat(log(first)).exists();
    Path gone = log(first);
    String both = "jobinstances?jobInstanceId=" + first + "," + UNKNOWN;
    admin.delete(ROOT + "v1/" + both).expect(400);
    admin.delete(ROOT + "v2/jobinstances").expect(400);
    List<JsonObject> purged = admin.delete(ROOT + "v2/" + both).expect(200).objects();
    assertThat(purged).hasSize(1);
    assertThat(purged.get(0).getInt("instanceId")).isEqualTo(first);
    assertThat(purged.get(0).getString("purgeStatus")).isEqualTo("COMPLETED");
    assertThat(purged.get(0).getString("message")).isNotEmpty();
    assertThat(gone).doesNotExist();
    admin.delete(ROOT + "jobinstances/" + second + "?purgeJobStoreOnly=true").expect(200);
    get("jobinstances/" + second).expect(400);
    assertThat(log).exists();
  }

  @Test
  void aFormAndBareXmlAreAlsoSubmissions() {
    String jsl =
        """
        <job id="mine" version="2.0" xmlns="https://jakarta.ee/xml/ns/jakartaee">
          <step id="say"><batchlet ref="echoBatchlet"/></step>
        </job>
        """;
    String form =
        """
        --part\r
        Content-Disposition: form-data; name="jobdata"\r
        Content-Type: application/json\r
        \r
        {"moduleName":"partita.war","jobParameters":{"k":"v"}}\r
        --part\r
        Content-Disposition: form-data; name="jsl"; filename="mine.xml"\r
        Content-Type: application/xml\r
        \r
        %s\r
        --part--\r
        """
            .formatted(jsl);
    Answer submitted =
        admin.send(
            admin
                .request(ROOT + "jobinstances")
                .header("Content-Type", "multipart/form-data; boundary=part")
                .POST(BodyPublishers.ofString(form)));
    long instance = submitted.expect(201).object().getInt("instanceId");
    assertThat(submitted.headers().firstValue("Location"))
        .contains(base + ROOT + "jobinstances/" + instance);
    assertThat(submitted.object().getString("appName")).isEqualTo("partita.war");
    assertThat(admin.await(instance, MainJob.LIMIT)).isEqualTo("COMPLETED");
    long bare =
        admin
            .send(
                admin
                    .request(ROOT + "jobinstances?k=w")
                    .header("Content-Type", "application/xml")
                    .POST(BodyPublishers.ofString(jsl)))
            .expect(201)
            .object()
            .getInt("instanceId");
    assertThat(admin.await(bare, MainJob.LIMIT)).isEqualTo("COMPLETED");
    assertThat(admin.executions(bare).get(0).getJsonObject("jobParameters").getString("k"))
        .isEqualTo("w");
  }

  @Test
  void aRunningJobIsNotPurgedStopsAndRestartsWithItsParametersOnlyIfAsked() throws Exception {
    Map<String, String> parameters = new TreeMap<>(MainJob.quickTraining("contract", 2));
    parameters.put("epochs", "50");
    long instance = admin.submit("train-text", parameters);
    while (admin.executions(instance).get(0).getJsonArray("stepExecutions").size() < 2) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(admin.instance(instance).getString("instanceState")).isEqualTo("DISPATCHED");
    JsonObject running = admin.executions(instance).get(0);
    assertThat(running.getString("endTime")).isEmpty();
    assertThat(rels(running)).contains("stop url").doesNotContain("restart url");
    admin.delete(ROOT + "jobinstances/" + instance).expect(409);
    assertThat(
            admin
                .delete(ROOT + "jobinstances?jobInstanceId=" + instance)
                .expect(200)
                .objects()
                .get(0)
                .getString("purgeStatus"))
        .isEqualTo("STILL_ACTIVE");
    admin.put(ROOT + "jobinstances/" + instance + "?action=restart", "").expect(409);
    long first = running.getInt("executionId");
    admin.put(ROOT + "jobexecutions/" + first + "?action=stop", "").expect(200);
    assertThat(admin.await(instance, MainJob.LIMIT)).isEqualTo("STOPPED");
    assertThat(rels(get("jobexecutions/" + first).object()))
        .contains("restart url")
        .doesNotContain("stop url");
    JsonObject train =
        admin.steps(first).stream()
            .filter(step -> step.getString("stepName").equals("train"))
            .findFirst()
            .orElseThrow();
    assertThat(train.getJsonArray("partitions").getValuesAs(JsonObject.class))
        .hasSize(2)
        .allSatisfy(
            partition ->
                assertThat(partition.keySet())
                    .contains(
                        "partitionNumber",
                        "batchStatus",
                        "startTime",
                        "endTime",
                        "exitStatus",
                        "restUrl",
                        "serverId",
                        "metrics"));

    JsonObject again =
        admin
            .put(
                ROOT + "jobexecutions/" + first + "?action=restart&reusePreviousParams=true",
                "{\"jobParameters\":{\"epochs\":\"51\"}}")
            .expect(200)
            .object();
    assertThat(again.getInt("executionId")).isNotEqualTo(first);
    assertThat(again.getJsonObject("jobParameters").getString("model")).isEqualTo("contract");
    assertThat(again.getJsonObject("jobParameters").getString("epochs")).isEqualTo("51");
    admin.put(ROOT + "jobexecutions/" + first + "?action=restart", "").expect(409);
    admin.put(ROOT + "jobinstances/" + instance + "?action=stop", "").expect(200);
    assertThat(admin.await(instance, MainJob.LIMIT)).isEqualTo("STOPPED");

    long newest = admin.executions(instance).get(0).getInt("executionId");
    JsonObject bare =
        admin
            .put(
                ROOT + "jobexecutions/" + newest + "?action=restart",
                "{\"jobParameters\":{\"epochs\":\"1\"}}")
            .expect(200)
            .object();
    assertThat(bare.getJsonObject("jobParameters").keySet()).containsExactly("epochs");
    admin.put(ROOT + "jobinstances/" + instance + "?action=stop", "");
    admin.await(instance, MainJob.LIMIT);
  }

  private Path log(long instance) {
    Path log = Path.of(admin.executions(instance).get(0).getString("logpath"));
    for (int i = 0; i < 200 && !Files.exists(log); i++) {
      pause();
    }
    return log;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> hrefs(JsonObject linked) {
    return values(linked, "href");
  }

  private static List<String> rels(JsonObject linked) {
    return values(linked, "rel");
  }

  private static List<String> values(JsonObject linked, String member) {
    return linked.getJsonArray("_links").getValuesAs(JsonObject.class).stream()
        .map(link -> link.getString(member))
        .toList();
  }
}
