// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** See {@link StepProgress#SILENT}. */
final class SilentProgress implements StepProgress {
  @Override
  public void progress(long done, long total, String unit) {}

  @Override
  public long furthest() {
    return 0;
  }

  @Override
  public void resumed(long position, String unit) {}

  @Override
  public void metric(String name, double x, double value) {}

  @Override
  public void checkpoint(long iteration, long bytes, Duration took) {}

  @Override
  public void log(String line) {}

  @Override
  public boolean stopRequested() {
    return false;
  }

  @Override
  public long instanceId() {
    return 0;
  }

  @Override
  public long executionId() {
    return 0;
  }

  @Override
  public String stepName() {
    return "";
  }

  @Override
  public @Nullable Integer partition() {
    return null;
  }
}
