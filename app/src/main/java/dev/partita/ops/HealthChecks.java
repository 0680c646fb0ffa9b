// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.ops;

import dev.partita.batch.InstanceQuery;
import dev.partita.batch.JobEngine;
import dev.partita.batch.JobHistory;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.NativeCore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** Alive while it answers; ready while database, job engine and native core do what they should. */
@ApplicationScoped
public class HealthChecks {
  private interface Probe {
    void run() throws Exception;
  }

  @Inject private JobHistory history;
  @Inject private JobEngine engine;

  @Produces
  @Liveness
  HealthCheck process() {
    return () -> HealthCheckResponse.up("process");
  }

  @Produces
  @Readiness
  HealthCheck database() {
    return () -> check("database", this::requireDatabase);
  }

  @Produces
  @Readiness
  HealthCheck jobEngine() {
    return () -> check("job-engine", this::requireEngine);
  }

  @Produces
  @Readiness
  HealthCheck nativeCore() {
    return () -> check("native-core", NativeCore::selfCheck);
  }

  @Produces
  @Startup
  HealthCheck started() {
    return () -> check("started", this::requireEngine);
  }

  private void requireDatabase() {
    if (!engine.databaseReached()) {
      throw new PartitaException(
          ErrorCode.UNAVAILABLE, "the database has not answered for longer than a lease");
    }
    history.search(InstanceQuery.page(0, 1));
  }

  private void requireEngine() {
    if (!engine.ready()) {
      throw new PartitaException(
          ErrorCode.UNAVAILABLE,
          "the job engine is still starting, or its database does not answer; see the log");
    }
  }

  private static HealthCheckResponse check(String name, Probe probe) {
    try {
      probe.run();
      return HealthCheckResponse.up(name);
    } catch (Exception | LinkageError e) {
      return HealthCheckResponse.named(name)
          .down()
          .withData("reason", String.valueOf(e.getMessage()))
          .build();
    }
  }
}
