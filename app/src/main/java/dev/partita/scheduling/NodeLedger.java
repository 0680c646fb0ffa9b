// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is given out of one node. Parts of a GPU go to the fullest device that still has room, and
 * only to a free one if there is none, so that whole devices stay whole.
 */
final class NodeLedger {
  private NodeState node;
  private long cpuFree;
  private long memoryFree;
  private final long[] gpuFree;
  private long gpusFree;

  /** One over what the node has, or 0: to weigh what is left. */
  private final double perCpu;

  private final double perByte;
  private final double perGpu;
  private final Map<String, Long> customFree;
  private final Map<BundleId, Placement> placements = new LinkedHashMap<>();
  private final Set<BundleId> suspects = new HashSet<>();

  /** Kept free for a demand that waits; null: nothing is. */
  private @Nullable Resources reserved;

  private @Nullable String reservedFor;

  NodeLedger(NodeState node) {
    this.node = node;
    this.cpuFree = node.total().cpuMilli();
    this.memoryFree = node.total().memoryBytes();
    this.gpuFree = new long[node.gpus()];
    Arrays.fill(gpuFree, Resources.MILLI);
    this.gpusFree = node.total().gpuMilli();
    this.perCpu = inverse(node.total().cpuMilli());
    this.perByte = inverse(node.total().memoryBytes());
    this.perGpu = inverse(node.total().gpuMilli());
    this.customFree = new TreeMap<>(node.total().customMilli());
  }

  NodeState node() {
    return node;
  }

  void drain() {
    node = node.drained();
  }

  /** What runs there, by bundle, in the order it was placed. */
  Map<BundleId, Placement> placements() {
    return placements;
  }

  /** Those of them that may kill it: see {@link Work#suspect}. */
  Set<BundleId> suspects() {
    return suspects;
  }

  boolean mayRun(Where where) {
    return !node.draining() && where.allows(node.traits());
  }

  /** Whether there is room now, for this demand: what is reserved for others is not. */
  boolean fits(Resources asked, String demand) {
    return (reserved == null || demand.equals(reservedFor))
        ? fitsFree(asked)
        : fitsBeside(asked, reserved);
  }

  private boolean fitsFree(Resources asked) {
    if (asked.cpuMilli() > Math.max(0, cpuFree) || asked.memoryBytes() > Math.max(0, memoryFree)) {
      return false;
    }
    if (asked.gpuMilli() > 0 && !gpuFits(asked.gpuMilli())) {
      return false;
    }
    for (Map.Entry<String, Long> custom : asked.customMilli().entrySet()) {
      if (custom.getValue() > customFree.getOrDefault(custom.getKey(), 0L)) {
        return false;
      }
    }
    return true;
  }

  /** Only what would fit even if the reserved work were there already. */
  private boolean fitsBeside(Resources asked, Resources kept) {
    if (asked.gpuMilli() > 0 && kept.gpuMilli() > 0) {
      return false;
    }
    if (asked.cpuMilli() > 0 && asked.cpuMilli() + kept.cpuMilli() > cpuFree) {
      return false;
    }
    if (asked.memoryBytes() > 0 && asked.memoryBytes() + kept.memoryBytes() > memoryFree) {
      return false;
    }
    for (Map.Entry<String, Long> custom : asked.customMilli().entrySet()) {
      long others = kept.customMilli().getOrDefault(custom.getKey(), 0L);
      if (custom.getValue() + others > customFree.getOrDefault(custom.getKey(), 0L)) {
        return false;
      }
    }
    return fitsFree(asked);
  }

  private boolean gpuFits(long milli) {
    if (milli < Resources.MILLI) {
      for (long free : gpuFree) {
        if (free >= milli) {
          return true;
        }
      }
      return false;
    }
    long whole = milli / Resources.MILLI;
    for (long free : gpuFree) {
      if (free == Resources.MILLI && --whole == 0) {
        return true;
      }
    }
    return false;
  }

  /** Takes what {@link #fits} found room for. */
  List<GpuShare> take(Resources asked) {
    cpuFree -= asked.cpuMilli();
    memoryFree -= asked.memoryBytes();
    asked.customMilli().forEach((name, milli) -> customFree.merge(name, -milli, Long::sum));
    return asked.gpuMilli() == 0 ? List.of() : takeGpus(asked.gpuMilli());
  }

  private List<GpuShare> takeGpus(long milli) {
    List<GpuShare> shares = new ArrayList<>();
    if (milli < Resources.MILLI) {
      int best = -1;
      for (int device = 0; device < gpuFree.length; device++) {
        if (gpuFree[device] >= milli && (best < 0 || gpuFree[device] < gpuFree[best])) {
          best = device;
        }
      }
      shares.add(new GpuShare(best, milli));
    } else {
      for (int device = 0; shares.size() < milli / Resources.MILLI; device++) {
        if (gpuFree[device] == Resources.MILLI) {
          shares.add(new GpuShare(device, Resources.MILLI));
        }
      }
    }
    shares.forEach(this::takeShare);
    return shares;
  }

  /** Takes exactly these devices again, for work that a former leader placed. */
  void takeAgain(Resources asked, List<GpuShare> shares) {
    cpuFree -= asked.cpuMilli();
    memoryFree -= asked.memoryBytes();
    asked.customMilli().forEach((name, milli) -> customFree.merge(name, -milli, Long::sum));
    shares.forEach(this::takeShare);
  }

  private void takeShare(GpuShare share) {
    gpuFree[share.device()] -= share.milli();
    gpusFree -= share.milli();
  }

  void giveBack(Resources asked, List<GpuShare> shares) {
    cpuFree += asked.cpuMilli();
    memoryFree += asked.memoryBytes();
    asked.customMilli().forEach((name, milli) -> customFree.merge(name, milli, Long::sum));
    for (GpuShare share : shares) {
      gpuFree[share.device()] += share.milli();
      gpusFree += share.milli();
    }
  }

  void reserve(String demand, Resources resources) {
    reservedFor = demand;
    reserved = resources;
  }

  void unreserve() {
    reservedFor = null;
    reserved = null;
  }

  boolean isReserved() {
    return reserved != null;
  }

  /**
   * What would be left, squared and summed over the resources as parts of the node: small when the
   * bundle fits tightly and what remains is balanced (norm-based greedy of Panigrahy, Talwar,
   * Uyeda, Wieder: Heuristics for Vector Bin Packing, 2011).
   */
  double leftover(Resources asked) {
    double sum =
        squared((cpuFree - asked.cpuMilli()) * perCpu)
            + squared((memoryFree - asked.memoryBytes()) * perByte);
    if (gpuFree.length > 0) {
      sum += squared((gpusFree - asked.gpuMilli()) * perGpu);
      if (asked.gpuMilli() == 0) {
        sum += NO_GPU_ASKED; // its processors are better left for what needs its GPUs
      }
    }
    return sum;
  }

  private static final double NO_GPU_ASKED = 10;

  private static double squared(double part) {
    return part * part;
  }

  private static double inverse(long total) {
    return total == 0 ? 0 : 1.0 / total;
  }

  Resources free() {
    SortedMap<String, Long> custom = new TreeMap<>();
    customFree.forEach((name, milli) -> custom.put(name, Math.max(0, milli)));
    return new Resources(
        Math.max(0, cpuFree), Math.max(0, gpusFree), Math.max(0, memoryFree), custom);
  }

  NodeUsage usage() {
    return new NodeUsage(
        node,
        new Resources(cpuFree, gpusFree, memoryFree, new TreeMap<>(customFree)),
        Arrays.stream(gpuFree).boxed().toList(),
        placements.size());
  }
}
