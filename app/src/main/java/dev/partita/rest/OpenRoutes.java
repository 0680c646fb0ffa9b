// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import dev.partita.config.DoorsConfig;

/** The routes that answer without sign-in, apart from the page's files; none changes anything. */
final class OpenRoutes {
  private OpenRoutes() {}

  static boolean open(String method, String path, DoorsConfig doors) {
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (path.equals("/v2/health/live") || path.equals("/v2/health/ready")) {
      return reads;
    }
    // The token in the body is the sign-in.
    if (path.equals("/api/sign-in")) {
      return method.equals("POST");
    }
    return doors.anonymousInference()
        && path.startsWith("/v2/models/")
        && method.equals("POST")
        && path.endsWith("/infer");
  }
}
