// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** What a pod shows with every call to another, on loopback too. */
record ClusterSecret(String value) {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** The headers of a call. */
  Metadata headers() {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + value);
    return headers;
  }

  /** Whether a caller shows it; takes as long for a wrong one. */
  boolean isIn(Metadata headers) {
    String shown = headers.get(AUTHORIZATION);
    return shown != null
        && MessageDigest.isEqual(
            shown.getBytes(StandardCharsets.UTF_8),
            ("Bearer " + value).getBytes(StandardCharsets.UTF_8));
  }

  /** Never the secret: records are logged. */
  @Override
  public String toString() {
    return "ClusterSecret";
  }
}
