// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

/**
 * Bundles of resources that are kept on pods, all of them, until it is closed or the pod that asked
 * for them ends. What is to run in one says so in its options.
 */
public final class PlacementGroupRef implements AutoCloseable {
  private final PlacementGroups groups;
  private final GroupId id;
  private final java.util.List<String> holders;

  /**
   * One of the bundles.
   *
   * @param holder the life of the pod that keeps it
   */
  record PartOf(GroupId group, int index, String holder) {}

  /** One bundle of a placement group. */
  public static final class Part {
    private final PartOf part;

    Part(PartOf part) {
      this.part = part;
    }

    GroupId group() {
      return part.group();
    }

    int index() {
      return part.index();
    }

    String holder() {
      return part.holder();
    }
  }

  PlacementGroupRef(PlacementGroups groups, GroupId id, java.util.List<String> holders) {
    this.groups = groups;
    this.id = id;
    this.holders = holders;
  }

  /** Names the group for ever. */
  public String id() {
    return id.toString();
  }

  /** Number of bundles. */
  public int size() {
    return holders.size();
  }

  /**
   * The bundle of that number.
   *
   * @param index from 0, in the order they were asked for
   */
  public Part part(int index) {
    return new Part(new PartOf(id, index, holders.get(index)));
  }

  /** Name of the pod that keeps the bundle. */
  public String node(int index) {
    String holder = holders.get(index);
    return holder.substring(0, holder.lastIndexOf('/'));
  }

  /** Gives everything back; what waits for a place in it fails, what runs runs on. */
  @Override
  public void close() {
    groups.release(id);
  }
}
