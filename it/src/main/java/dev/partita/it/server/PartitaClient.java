// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.server;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to the doors as any client would: plain HTTP, signed in by name and password. Thread-safe.
 * A connection that breaks (the server was killed) is an {@link UncheckedIOException}.
 */
public final class PartitaClient {
  private static final String JOBS = "/ibm/api/batch/";
  private static final Duration REQUEST_LIMIT = Duration.ofMinutes(1);
  private static final Set<String> ENDED = Set.of("COMPLETED", "FAILED", "STOPPED", "ABANDONED");

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI base;
  private final @Nullable Credentials credentials;
  private final Duration limit;

  /** Without credentials the client is anonymous. */
  public PartitaClient(URI base, @Nullable Credentials credentials) {
    this(base, credentials, REQUEST_LIMIT);
  }

  private PartitaClient(URI base, @Nullable Credentials credentials, Duration limit) {
    this.base = base;
    this.credentials = credentials;
    this.limit = limit;
  }

  /** The same client, but no answer takes longer: then it is an {@link UncheckedIOException}. */
  public PartitaClient within(Duration time) {
    return new PartitaClient(base, credentials, time);
  }

  // ---- jobs

  /** Submits a job of the catalogue; returns the instance id. */
  public long submit(String jobXmlName, Map<String, String> parameters) {
    return submit(Json.createObjectBuilder().add("jobXMLName", jobXmlName), parameters);
  }

  /** Submits a job given as JSL text; returns the instance id. */
  public long submitJsl(String jsl, Map<String, String> parameters) {
    return submit(Json.createObjectBuilder().add("jobXML", jsl), parameters);
  }

  private long submit(JsonObjectBuilder job, Map<String, String> parameters) {
    JsonObjectBuilder values = Json.createObjectBuilder();
    parameters.forEach(values::add);
    String body =
        job.add("applicationName", "partita").add("jobParameters", values).build().toString();
    return post(JOBS + "jobinstances", body)
        .expect(201)
        .object()
        .getJsonNumber("instanceId")
        .longValue();
  }

  public JsonObject instance(long instanceId) {
    return get(JOBS + "jobinstances/" + instanceId).expect(200).object();
  }

  public String batchStatus(long instanceId) {
    return instance(instanceId).getString("batchStatus");
  }

  /** The executions of an instance, the newest first. */
  public List<JsonObject> executions(long instanceId) {
    return get(JOBS + "jobinstances/" + instanceId + "/jobexecutions")
        .expect(200)
        .objects()
        .stream()
        .filter(o -> o.containsKey("executionId"))
        .sorted((a, b) -> Long.compare(id(b, "executionId"), id(a, "executionId")))
        .toList();
  }

  /** The step executions of a job execution, with partitions and metrics. */
  public List<JsonObject> steps(long executionId) {
    return get(JOBS + "jobexecutions/" + executionId + "/stepexecutions")
        .expect(200)
        .objects()
        .stream()
        .filter(o -> o.containsKey("stepName"))
        .toList();
  }

  /**
   * Waits until no execution runs and returns the batch status: COMPLETED, FAILED, STOPPED or
   * ABANDONED.
   *
   * @throws IllegalStateException after {@code limit}
   */
  public String await(long instanceId, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      String status = batchStatus(instanceId);
      if (ENDED.contains(status)) {
        return status;
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "Job "
                + instanceId
                + " is still "
                + status
                + " after "
                + limit
                + ": "
                + executions(instanceId));
      }
      ServerProcess.pause(50);
    }
  }

  public void stop(long instanceId) {
    put(JOBS + "jobinstances/" + instanceId + "?action=stop", "").expect(200);
  }

  /** Starts a new execution of an ended instance, with the parameters it had. */
  public void restart(long instanceId) {
    put(JOBS + "jobinstances/" + instanceId + "?action=restart&reusePreviousParams=true", "")
        .expect(200);
  }

  /** The job log as text. */
  public String log(long instanceId) {
    return get(JOBS + "jobinstances/" + instanceId + "/joblogs?type=text").expect(200).body();
  }

  /** Opens the events of an instance, those after {@code lastEventId} (empty: from the first). */
  public EventStream events(long instanceId, String lastEventId) {
    HttpRequest.Builder request =
        request("/api/jobs/" + instanceId + "/events").header("Accept", "text/event-stream").GET();
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<Stream<String>> response = exchange(request.build(), BodyHandlers.ofLines());
    if (response.statusCode() != 200) {
      String body = response.body().limit(20).reduce("", (a, b) -> a + b + "\n");
      throw new UnexpectedAnswerException(
          200, new Answer(response.statusCode(), response.headers(), body));
    }
    return new EventStream(response.body(), lastEventId);
  }

  // ---- models

  public JsonValue models() {
    return get("/api/models").expect(200).json();
  }

  /** The registered versions of a model. */
  public List<JsonObject> modelVersions(String model) {
    return get("/api/models/" + model + "/versions").expect(200).objects();
  }

  /** {@code {total,distinct,duplicates,expected,lost}} of a classify job. */
  public JsonObject predictions(long instanceId) {
    return get("/api/predictions/" + instanceId + "/summary").expect(200).object();
  }

  /** Open Inference Protocol: classifies texts, one request. */
  public JsonObject infer(String model, List<String> texts) {
    JsonArrayBuilder data = Json.createArrayBuilder(texts);
    JsonObject input =
        Json.createObjectBuilder()
            .add("name", "text")
            .add("shape", Json.createArrayBuilder().add(texts.size()))
            .add("datatype", "BYTES")
            .add("data", data)
            .build();
    JsonObject body =
        Json.createObjectBuilder().add("inputs", Json.createArrayBuilder().add(input)).build();
    return post("/v2/models/" + model + "/infer", body.toString()).expect(200).object();
  }

  // ---- any door

  public Answer get(String path) {
    return send(request(path).GET());
  }

  public Answer post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  public Answer put(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json)));
  }

  public Answer delete(String path) {
    return send(request(path).DELETE());
  }

  /** A request to be completed by the caller, with this client's credentials. */
  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(path)).timeout(limit);
    if (credentials != null) {
      builder.header("Authorization", credentials.basic());
    }
    return builder;
  }

  public Answer send(HttpRequest.Builder request) {
    HttpResponse<String> response = exchange(request.build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.headers(), response.body());
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted at " + request.uri(), e);
    }
  }

  private static long id(JsonObject object, String name) {
    return object.getJsonNumber(name).longValue();
  }
}
