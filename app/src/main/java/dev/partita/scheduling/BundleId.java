// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

/**
 * A bundle of a demand.
 *
 * @param index from 0; of a partitioned step, the partition
 */
public record BundleId(String demand, int index) {
  @Override
  public String toString() {
    return demand + "[" + index + "]";
  }
}
