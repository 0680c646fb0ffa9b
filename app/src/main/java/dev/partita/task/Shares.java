// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.GpuShare;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.ResourceLedger;
import dev.partita.scheduling.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a pod gives to jobs, and keeps for placement groups. Not thread-safe. */
final class Shares {
  private final ResourceLedger node;
  private final Map<GroupId, Map<Integer, Bundle>> groups = new HashMap<>();

  Shares(NodeState node) {
    this.node = new ResourceLedger(node);
  }

  /** A bundle that is kept, and what of it is free. */
  private static final class Bundle {
    final Resources total;
    final List<GpuShare> gpus;
    Resources free;

    Bundle(Resources total, List<GpuShare> gpus) {
      this.total = total;
      this.gpus = gpus;
      this.free = total;
    }
  }

  Optional<List<GpuShare>> take(Job job) {
    if (job.group == null) {
      return node.take(job.demand);
    }
    Bundle bundle = bundle(job);
    if (bundle == null || !job.demand.fitsIn(bundle.free)) {
      return Optional.empty();
    }
    bundle.free = bundle.free.minus(job.demand);
    return Optional.of(job.demand.gpuMilli() == 0 ? List.of() : bundle.gpus);
  }

  void giveBack(Job job) {
    if (job.group == null) {
      node.giveBack(job.demand, job.gpus);
      return;
    }
    Bundle bundle = bundle(job);
    if (bundle != null) {
      bundle.free = bundle.free.plus(job.demand);
    }
  }

  /** In a placement group nobody else could have taken it but its own jobs: those may overlap. */
  void takeAgain(Job job) {
    if (job.group == null) {
      node.takeAgain(job.demand, job.gpus);
      return;
    }
    Bundle bundle = bundle(job);
    if (bundle != null && job.demand.fitsIn(bundle.free)) {
      bundle.free = bundle.free.minus(job.demand);
    } else {
      job.lent = true;
    }
  }

  private @org.jspecify.annotations.Nullable Bundle bundle(Job job) {
    Map<Integer, Bundle> bundles = groups.get(job.group);
    return bundles == null ? null : bundles.get(job.bundle);
  }

  boolean holds(GroupId group, int bundle) {
    return groups.getOrDefault(group, Map.of()).containsKey(bundle);
  }

  boolean reserve(GroupId group, List<Integer> numbers, List<Resources> resources) {
    Map<Integer, Bundle> taken = new HashMap<>();
    for (int i = 0; i < numbers.size(); i++) {
      Optional<List<GpuShare>> gpus = node.take(resources.get(i));
      if (gpus.isEmpty()) {
        taken.values().forEach(bundle -> node.giveBack(bundle.total, bundle.gpus));
        return false;
      }
      taken.put(numbers.get(i), new Bundle(resources.get(i), gpus.get()));
    }
    if (groups.putIfAbsent(group, taken) != null) {
      taken.values().forEach(bundle -> node.giveBack(bundle.total, bundle.gpus));
      throw new PartitaException(
          ErrorCode.CONFLICT, "placement group " + group + " is here already");
    }
    return true;
  }

  void unreserve(GroupId group) {
    Map<Integer, Bundle> bundles = groups.remove(group);
    if (bundles != null) {
      bundles.values().forEach(bundle -> node.giveBack(bundle.total, bundle.gpus));
    }
  }

  List<GroupId> groups() {
    return new ArrayList<>(groups.keySet());
  }

  Resources free() {
    return node.free();
  }
}
