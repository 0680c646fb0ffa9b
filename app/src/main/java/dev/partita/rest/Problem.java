// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import dev.partita.error.ErrorCode;
import jakarta.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An error as RFC 9457 tells it, with our code beside; under {@code /v2} as the Open Inference
 * Protocol tells it.
 *
 * @param status of HTTP
 */
public record Problem(int status, ErrorCode code, String detail) {

  /** The status our codes stand for; the jobs API alone says 400 where others say 404. */
  public static Problem of(ErrorCode code, String detail) {
    int status =
        switch (code) {
          case INVALID_ARGUMENT, INVALID_JOB -> 400;
          case UNAUTHENTICATED -> 401;
          case FORBIDDEN -> 403;
          case NOT_FOUND -> 404;
          case CONFLICT -> 409;
          case TOO_LARGE -> 413;
          case PLACEMENT_INFEASIBLE -> 422;
          case TIMEOUT, UNAVAILABLE, STORAGE_FAILURE, OUT_OF_MEMORY -> 503;
          default -> 500;
        };
    return new Problem(status, code, detail);
  }

  /** Of the error bodies below {@code path}. */
  public static String mediaType(String path) {
    return path.startsWith("/v2") ? "application/json" : "application/problem+json";
  }

  public byte[] bytes(String path) {
    return (path.startsWith("/v2") ? inferenceJson() : json()).getBytes(StandardCharsets.UTF_8);
  }

  /** {@code {"type":"about:blank","title":"Conflict","status":409,"code":"CONFLICT",…}}. */
  private String json() {
    String words = code.name().replace('_', ' ').toLowerCase(Locale.ROOT);
    return Json.createObjectBuilder()
        .add("type", "about:blank")
        .add("title", Character.toUpperCase(words.charAt(0)) + words.substring(1))
        .add("status", status)
        .add("code", code.name())
        .add("detail", detail)
        .build()
        .toString();
  }

  private String inferenceJson() {
    return Json.createObjectBuilder().add("error", detail).build().toString();
  }
}
