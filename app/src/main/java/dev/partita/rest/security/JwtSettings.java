// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** The standard keys of MicroProfile JWT that say whose tokens are trusted. */
record JwtSettings(
    Optional<String> publicKey,
    Optional<String> keyLocation,
    Optional<String> issuer,
    Set<String> audiences) {

  static JwtSettings from(Config config) {
    return new JwtSettings(
        config.getOptionalValue("mp.jwt.verify.publickey", String.class),
        config.getOptionalValue("mp.jwt.verify.publickey.location", String.class),
        config.getOptionalValue("mp.jwt.verify.issuer", String.class),
        config
            .getOptionalValues("mp.jwt.verify.audiences", String.class)
            .map(Set::copyOf)
            .orElseGet(Set::of));
  }
}
