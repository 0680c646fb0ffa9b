// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.List;

/**
 * A placement group that is kept, as people see it.
 *
 * @param owner the caller it was reserved for; empty: a program of the pod's
 */
public record PlacementGroupInfo(String id, String owner, List<BundlePlace> bundles) {

  /**
   * One of its bundles.
   *
   * @param pod the life of the pod that keeps it
   */
  public record BundlePlace(int index, String pod) {}
}
