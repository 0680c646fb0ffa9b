// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

/** The routes that answer without sign-in, apart from the page's files; none changes anything. */
final class OpenRoutes {
  private OpenRoutes() {}

  static boolean open(String method, String path) {
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (path.equals("/v2/health/live") || path.equals("/v2/health/ready")) {
      return reads;
    }
    // The token in the body is the sign-in.
    return path.equals("/api/sign-in") && method.equals("POST");
  }
}
