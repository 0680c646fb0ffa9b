// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import org.jspecify.annotations.Nullable;

/**
 * How far a bundle is: what a new leader reads from its row.
 *
 * @param running where it runs; null while it waits or when it ended
 * @param ended it completed or failed for good
 */
public record BundleState(AttemptHistory history, @Nullable Placement running, boolean ended) {
  public static final BundleState NEW = new BundleState(AttemptHistory.NONE, null, false);
}
