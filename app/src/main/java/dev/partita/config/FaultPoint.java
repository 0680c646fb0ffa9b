// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Places where a black-box test can hold the server to kill it there. Off unless {@code
 * partita.fault.pause} names a point; an unarmed point costs one volatile read.
 */
public final class FaultPoint {
  /** {@code <point>:<n>}: stop at the n-th pass of the point. */
  public static final Pattern SPEC = Pattern.compile("[a-z][a-z0-9-]*:[1-9][0-9]{0,8}");

  private static volatile @Nullable Armed armed;

  private FaultPoint() {}

  /**
   * Passes the point; if it is armed and this is the n-th pass, writes the file {@code
   * fault-paused} into the output directory and never returns.
   */
  public static void reach(String point) {
    Armed target = armed;
    if (target != null && target.point.equals(point) && target.left.decrementAndGet() == 0) {
      target.hold();
    }
  }

  /** Arms the point of {@code spec}, or none if it is empty. */
  static void arm(String spec, Path outputDirectory) {
    int colon = spec.indexOf(':');
    armed =
        colon < 0
            ? null
            : new Armed(
                spec.substring(0, colon),
                new AtomicLong(Long.parseLong(spec.substring(colon + 1))),
                outputDirectory.resolve("fault-paused"));
  }

  private record Armed(String point, AtomicLong left, Path marker) {
    void hold() {
      try {
        Files.writeString(marker, point + "\n");
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot mark the fault point " + point, e);
      }
      while (true) {
        LockSupport.park(this);
      }
    }
  }
}
