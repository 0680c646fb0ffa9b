// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import static jakarta.security.enterprise.identitystore.CredentialValidationResult.INVALID_RESULT;
import static jakarta.security.enterprise.identitystore.CredentialValidationResult.NOT_VALIDATED_RESULT;

import dev.partita.config.PartitaConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.logging.Logger;

/**
 * Names and passwords from the credentials file. Passwords are random and long, so they are
 * compared in constant time but not stretched; a changed file takes effect at the next start.
 */
@ApplicationScoped
public class PasswordStore implements IdentityStore {
  private static final Logger LOG = Logger.getLogger(PasswordStore.class.getName());
  private static final CredentialsFile.User NOBODY = new CredentialsFile.User("", "", Set.of());

  private Map<String, CredentialsFile.User> users = Map.of();

  @Inject
  void open(PartitaConfig config) {
    var file = config.doors().credentialsFile();
    if (CredentialsFile.createIfMissing(file, new SecureRandom())) {
      LOG.info(() -> "First start: users and random passwords were written to " + file);
    } else {
      LOG.info(() -> "Users and passwords: " + file);
    }
    users = CredentialsFile.read(file);
  }

  /** Made at start, so that the file exists and its faults show before the first request. */
  void atStart(@Observes @Initialized(ApplicationScoped.class) Object started) {}

  @Override
  public CredentialValidationResult validate(Credential credential) {
    if (!(credential instanceof UsernamePasswordCredential given)) {
      return NOT_VALIDATED_RESULT;
    }
    CredentialsFile.User user = users.getOrDefault(given.getCaller(), NOBODY);
    boolean same =
        MessageDigest.isEqual(sha256(user.password()), sha256(given.getPasswordAsString()));
    return same && !user.name().isEmpty()
        ? new Caller(user.name(), user.roles()).result()
        : INVALID_RESULT;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
