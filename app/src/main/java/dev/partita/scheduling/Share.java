// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;

/**
 * On whose account something runs.
 *
 * @param weight of the tenant, above 0: what it gets of a busy cluster, in proportion to others.
 *     The last submission says it for all of the tenant
 * @param priority among the demands of one tenant; higher first
 */
public record Share(String tenant, double weight, int priority) {
  public Share {
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "Weight " + weight + " of tenant " + tenant + " is not a number above 0");
    }
  }
}
