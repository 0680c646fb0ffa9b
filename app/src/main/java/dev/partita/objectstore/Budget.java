// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

/**
 * A limit on bytes of the arena; those of a tenant's jobs count for the tenant too.
 *
 * @param number of the budget in its arena
 */
public record Budget(int number) {
  /** The store itself: limited by the arena only. */
  public static final Budget STORE = new Budget(0);
}
