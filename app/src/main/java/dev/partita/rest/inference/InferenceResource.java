// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.inference;

import static dev.partita.rest.security.Roles.ADMIN;
import static dev.partita.rest.security.Roles.MONITOR;
import static dev.partita.rest.security.Roles.SUBMITTER;

import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.rest.BodyReader;
import dev.partita.serve.BenchmarkMlp;
import dev.partita.serve.ModelServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Questions to models. */
@Path("/v2")
@RolesAllowed({ADMIN, MONITOR, SUBMITTER})
@ApplicationScoped
public class InferenceResource {
  private static final String JSON_LENGTH = "Inference-Header-Content-Length";

  private final ModelServer models;
  private final BenchmarkMlp mlp;
  private final InferRequestParser parser;
  private final int maxBodyBytes;
  private final Timer answered;
  private final Timer refused;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected InferenceResource() {
    models = null;
    mlp = null;
    parser = null;
    maxBodyBytes = 0;
    answered = null;
    refused = null;
  }

  @Inject
  public InferenceResource(
      ModelServer models, BenchmarkMlp mlp, PartitaConfig config, MeterRegistry registry) {
    this.models = models;
    this.mlp = mlp;
    this.parser = new InferRequestParser(config.doors().maxTextBytes());
    this.maxBodyBytes = config.doors().maxInferenceBodyBytes();
    this.answered = timer(registry, "answered");
    this.refused = timer(registry, "refused");
  }

  @POST
  @Path("models/{model}/infer")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM})
  public Response infer(
      @PathParam("model") String model,
      @HeaderParam(JSON_LENGTH) @Nullable String jsonLength,
      InputStream body)
      throws IOException {
    return answer(model, ModelServer.LATEST, jsonLength, body);
  }

  @POST
  @Path("models/{model}/versions/{version}/infer")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM})
  public Response inferVersion(
      @PathParam("model") String model,
      @PathParam("version") String version,
      @HeaderParam(JSON_LENGTH) @Nullable String jsonLength,
      InputStream body)
      throws IOException {
    return answer(model, ModelMetadata.versionOf(model, version), jsonLength, body);
  }

  private Response answer(String model, int version, @Nullable String jsonLength, InputStream in)
      throws IOException {
    long began = System.nanoTime();
    Timer outcome = refused;
    try {
      byte[] bytes = BodyReader.bytes(in, maxBodyBytes);
      InferRequest request = parser.parse(bytes, jsonBytes(jsonLength, bytes.length));
      InferAnswer.Body body = call(model, version, request).body();
      boolean binary = body.jsonBytes() != body.bytes().length;
      Response.ResponseBuilder answer =
          Response.ok(
              body.bytes(),
              binary ? MediaType.APPLICATION_OCTET_STREAM_TYPE : MediaType.APPLICATION_JSON_TYPE);
      if (binary) {
        answer.header(JSON_LENGTH, body.jsonBytes());
      }
      outcome = answered;
      return answer.build();
    } finally {
      outcome.record(Duration.ofNanos(System.nanoTime() - began));
    }
  }

  private InferAnswer call(String model, int version, InferRequest request) {
    return mlp.serves(model)
        ? BenchmarkMlpCall.answer(mlp, model, request)
        : TextClassifierCall.answer(models, model, version, request);
  }

  private static int jsonBytes(@Nullable String header, int all) {
    if (header == null) {
      return all;
    }
    try {
      return Integer.parseUnsignedInt(header.strip());
    } catch (NumberFormatException e) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, JSON_LENGTH + " is no number of bytes", e);
    }
  }

  private static Timer timer(MeterRegistry registry, String outcome) {
    return Timer.builder("partita_inference_request_seconds")
        .description("Time from the whole request read to its answer made")
        .tag("outcome", outcome)
        .serviceLevelObjectives(
            Duration.ofNanos(500_000),
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5))
        .register(registry);
  }
}
