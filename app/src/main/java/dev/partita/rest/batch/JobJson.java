// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import dev.partita.batch.JobExecutionInfo;
import dev.partita.batch.JobInstanceInfo;
import dev.partita.batch.PartitionInfo;
import dev.partita.batch.StepExecutionInfo;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Jobs in the contract's words. Times are {@code 2026/11/01 08:00:00.123 +0000}, an absent one is
 * empty; metrics are strings.
 *
 * @param root of links, ends with a slash: {@code http://host:port/ibm/api/batch/[vN/]}
 */
record JobJson(String root) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSS Z").withZone(ZoneOffset.UTC);

  JsonObject instance(JobInstanceInfo instance, List<JobExecutionInfo> executions) {
    String self = root + "jobinstances/" + instance.instanceId();
    JsonArrayBuilder links = links("self", self, "job logs", self + "/joblogs");
    for (int number = executions.size() - 1; number >= 0; number--) {
      links.add(link("job execution", self + "/jobexecutions/" + number));
    }
    return Json.createObjectBuilder()
        .add("jobName", instance.jobName())
        .add("instanceId", instance.instanceId())
        .add("appName", instance.applicationName())
        .add("submitter", instance.submitter())
        .add("batchStatus", instance.batchState().name())
        .add("exitStatus", instance.exitStatus())
        .add("jobXMLName", instance.jobXmlName())
        .add("instanceState", instance.instanceState().name())
        .add("createTime", time(instance.createTime()))
        .add("lastUpdatedTime", time(instance.lastUpdatedTime()))
        .add("_links", links)
        .build();
  }

  JsonObject execution(JobExecutionInfo execution, List<StepExecutionInfo> steps) {
    String self = root + "jobexecutions/" + execution.executionId();
    JsonObjectBuilder parameters = Json.createObjectBuilder();
    execution.parameters().forEach(parameters::add);
    JsonArrayBuilder stepSummaries = Json.createArrayBuilder();
    for (StepExecutionInfo step : steps) {
      stepSummaries.add(
          Json.createObjectBuilder()
              .add("stepExecutionId", step.stepExecutionId())
              .add("stepName", step.stepName())
              .add("batchStatus", step.batchState().name())
              .add("exitStatus", step.exitStatus())
              .add("stepExecution", self + "/stepexecutions/" + step.stepName()));
    }
    JsonObjectBuilder json = Json.createObjectBuilder();
    if (!execution.reason().isEmpty()) {
      json.add("reason", execution.reason());
    }
    return json.add("jobName", execution.jobName())
        .add("executionId", execution.executionId())
        .add("instanceId", execution.instanceId())
        .add("batchStatus", execution.batchState().name())
        .add("exitStatus", execution.exitStatus())
        .add("createTime", time(execution.createTime()))
        .add("endTime", time(execution.endTime()))
        .add("lastUpdatedTime", time(execution.lastUpdatedTime()))
        .add("startTime", time(execution.startTime()))
        .add("jobParameters", parameters)
        .add("restUrl", root.substring(0, root.length() - 1))
        .add("serverId", execution.serverId())
        .add("logpath", execution.logPath())
        .add("stepExecutions", stepSummaries)
        .add("_links", links(execution, self))
        .build();
  }

  /** What may be done depends on the state, so do the last links. */
  private JsonArrayBuilder links(JobExecutionInfo execution, String self) {
    JsonArrayBuilder links =
        links(
            "self",
            self,
            "job instance",
            root + "jobinstances/" + execution.instanceId(),
            "step executions",
            self + "/stepexecutions",
            "job logs",
            self + "/joblogs");
    return switch (execution.batchState()) {
      case STARTING, STARTED -> links.add(link("stop url", self + "?action=stop"));
      case STOPPED, FAILED -> links.add(link("restart url", self + "?action=restart"));
      default -> links;
    };
  }

  /** The steps and, when there are any, a last element with the links. */
  JsonArray steps(List<StepExecutionInfo> steps) {
    JsonArrayBuilder all = Json.createArrayBuilder();
    for (StepExecutionInfo step : steps) {
      all.add(step(step));
    }
    if (!steps.isEmpty()) {
      StepExecutionInfo any = steps.get(0);
      all.add(
          Json.createObjectBuilder()
              .add(
                  "_links",
                  links(
                      "job execution",
                      root + "jobexecutions/" + any.executionId(),
                      "job instance",
                      root + "jobinstances/" + any.instanceId())));
    }
    return all.build();
  }

  /** Links to the log of each execution and to all of them in one piece. */
  JsonArray logs(String self, List<JobExecutionInfo> executions) {
    JsonArrayBuilder links = Json.createArrayBuilder();
    for (JobExecutionInfo execution : executions) {
      links.add(
          link(
              "joblog part",
              root + "jobexecutions/" + execution.executionId() + "/joblogs?type=text"));
    }
    return links
        .add(link("joblog text", root + self + "/joblogs?type=text"))
        .add(link("joblog zip", root + self + "/joblogs?type=zip"))
        .build();
  }

  private JsonObjectBuilder step(StepExecutionInfo step) {
    JsonArrayBuilder partitions = Json.createArrayBuilder();
    for (PartitionInfo partition : step.partitions()) {
      partitions.add(partition(partition));
    }
    return Json.createObjectBuilder()
        .add("stepExecutionId", step.stepExecutionId())
        .add("stepName", step.stepName())
        .add("executionId", step.executionId())
        .add("instanceId", step.instanceId())
        .add("batchStatus", step.batchState().name())
        .add("startTime", time(step.startTime()))
        .add("endTime", time(step.endTime()))
        .add("exitStatus", step.exitStatus())
        .add("metrics", metrics(step.metrics()))
        .add("partitions", partitions);
  }

  private JsonObjectBuilder partition(PartitionInfo partition) {
    return Json.createObjectBuilder()
        .add("partitionNumber", partition.partitionNumber())
        .add("batchStatus", partition.batchState().name())
        .add("startTime", time(partition.startTime()))
        .add("endTime", time(partition.endTime()))
        .add("exitStatus", partition.exitStatus())
        .add("restUrl", root.substring(0, root.length() - 1))
        .add("serverId", partition.serverId())
        .add("attempt", partition.attempt())
        .add("waits", partition.waits())
        .add("metrics", metrics(partition.metrics()));
  }

  private static JsonObjectBuilder metrics(Map<String, Long> metrics) {
    JsonObjectBuilder json = Json.createObjectBuilder();
    metrics.forEach((name, value) -> json.add(name, Long.toString(value)));
    return json;
  }

  private static JsonArrayBuilder links(String... relsAndHrefs) {
    JsonArrayBuilder links = Json.createArrayBuilder();
    for (int i = 0; i < relsAndHrefs.length; i += 2) {
      links.add(link(relsAndHrefs[i], relsAndHrefs[i + 1]));
    }
    return links;
  }

  private static JsonObjectBuilder link(String rel, String href) {
    return Json.createObjectBuilder().add("rel", rel).add("href", href);
  }

  private static String time(@Nullable Instant time) {
    return time == null ? "" : TIME.format(time);
  }
}
