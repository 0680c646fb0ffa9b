// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

/** Names a node; a node that comes back keeps its name and has a higher incarnation. */
public record NodeId(String name) implements Comparable<NodeId> {
  @Override
  public int compareTo(NodeId other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
