// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import dev.partita.it.server.Checkout;
import dev.partita.it.server.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Open Liberty's {@code batchManager}, as its own script starts it. It speaks HTTPS only.
 *
 * @param address host and port
 * @param caller who signs in
 * @param trustStore certificates it trusts, without a private key; null: those that Java trusts
 */
record BatchManagerCommand(
    String address, Credentials caller, @Nullable Path trustStore, String trustPassword) {
  private static final long LIMIT_MINUTES = 5;

  /** Its numbers for how a job ended, told by {@code --wait}. */
  static final int STOPPED = 33;

  static final int FAILED = 34;
  static final int COMPLETED = 35;

  /** What one run of it printed and returned. */
  record Outcome(int status, String text) {}

  /** Runs one action to its end. */
  Outcome run(String action, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Checkout.find().liberty().resolve("bin/batchManager").toString());
    command.add(action);
    command.add("--batchManager=" + address);
    command.add("--user=" + caller.user());
    command.add("--password=" + caller.password());
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JVM_ARGS", jvmArguments());
    Process process = null;
    try {
      Path output = Files.createTempFile("batch-manager", ".txt");
      process = builder.redirectOutput(output.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
        throw new AssertionError(action + " hangs: " + Files.readString(output));
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(output);
      return new Outcome(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException("batchManager " + action, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  private String jvmArguments() {
    return trustStore == null
        ? ""
        : "-Djavax.net.ssl.trustStore="
            + trustStore
            + " -Djavax.net.ssl.trustStorePassword="
            + trustPassword;
  }

  /** Writes the certificates of a key store, and nothing secret, into a trust store. */
  static void exportCertificates(Path keyStore, String password, Path trustStore) {
    try (InputStream in = Files.newInputStream(keyStore);
        OutputStream out = Files.newOutputStream(trustStore)) {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(in, password.toCharArray());
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (String alias : Collections.list(own.aliases())) {
        trusted.setCertificateEntry(alias, own.getCertificate(alias));
      }
      trusted.store(out, password.toCharArray());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("No certificates in " + keyStore, e);
    }
  }
}
