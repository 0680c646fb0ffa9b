// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import java.util.Set;

/** A known caller; groups that are no role of ours are dropped. */
public record Caller(String name, Set<String> roles) {
  public Caller {
    roles = Set.copyOf(roles.stream().filter(Roles.ALL::contains).toList());
  }

  CredentialValidationResult result() {
    return new CredentialValidationResult(name, roles);
  }
}
