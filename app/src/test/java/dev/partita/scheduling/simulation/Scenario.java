// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling.simulation;

import dev.partita.scheduling.Bundle;
import dev.partita.scheduling.Demand;
import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.NodeTraits;
import dev.partita.scheduling.PlacementGroup;
import dev.partita.scheduling.PlacementStrategy;
import dev.partita.scheduling.Resources;
import dev.partita.scheduling.RetryPolicy;
import dev.partita.scheduling.Share;
import dev.partita.scheduling.Where;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Nodes and jobs drawn from a seed. */
final class Scenario {
  private static final List<Resources> ASKS =
      List.of(
              "cpu=1",
              "cpu=0.5",
              "cpu=2",
              "cpu=4",
              "cpu=0",
              "cpu=1,gpu=0.5",
              "gpu=0.25",
              "gpu=1",
              "cpu=1,gpu=2",
              "cpu=1,memory=2GiB",
              "cpu=1,licence=1",
              "memory=5GiB")
          .stream()
          .map(Resources::parse)
          .toList();

  private static final List<PlacementStrategy> STRATEGIES = List.of(PlacementStrategy.values());

  private final RandomGenerator random;

  Scenario(RandomGenerator random) {
    this.random = random;
  }

  List<NodeState> nodes() {
    List<NodeState> nodes = new ArrayList<>();
    int count = 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      int gpus = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
      String total =
          "cpu="
              + (1 + random.nextInt(8))
              + ",gpu="
              + gpus
              + ",memory="
              + (1 + random.nextInt(16))
              + "GiB"
              + (random.nextInt(4) == 0 ? ",licence=2" : "");
      nodes.add(
          new NodeState(
              new NodeId("n" + i),
              0,
              new NodeTraits(
                  random.nextBoolean() ? "cpu" : "spot",
                  Map.of("zone", random.nextBoolean() ? "a" : "b"),
                  random.nextInt(8) == 0 ? "old" : "new"),
              Resources.parse(total),
              false));
    }
    return nodes;
  }

  Demand demand(String id) {
    int size = 1 + random.nextInt(random.nextInt(4) == 0 ? 10 : 4);
    List<Bundle> bundles = new ArrayList<>();
    Resources same = ask();
    for (int i = 0; i < size; i++) {
      bundles.add(new Bundle(random.nextInt(4) == 0 ? ask() : same));
    }
    PlacementStrategy strategy = STRATEGIES.get(random.nextInt(4));
    int gangMin = random.nextInt(5) < 2 ? size : random.nextInt(4) == 0 ? 1 + size / 2 : 0;
    return new Demand(
        id,
        new PlacementGroup(bundles, strategy, gangMin),
        where(),
        new Share("t" + random.nextInt(3), 1 + random.nextInt(3), random.nextInt(3)),
        new RetryPolicy(1 + random.nextInt(3), random.nextInt(6)));
  }

  /** Many small jobs, as a burst. */
  Demand small(String id) {
    return new Demand(
        id,
        PlacementGroup.each(
            Collections.nCopies(1 + random.nextInt(2), new Bundle(ASKS.get(random.nextInt(3)))),
            PlacementStrategy.PACK),
        Where.ANYWHERE,
        new Share("t" + random.nextInt(3), 1, 0),
        new RetryPolicy(3, 100));
  }

  private Resources ask() {
    return ASKS.get(random.nextInt(random.nextInt(3) == 0 ? ASKS.size() : 4));
  }

  private Where where() {
    return switch (random.nextInt(6)) {
      case 0 -> new Where(List.of("spot", "cpu"), Map.of(), "");
      case 1 -> new Where(List.of("cpu"), Map.of(), "new");
      case 2 -> new Where(List.of(), Map.of("zone", "a"), "");
      default -> Where.ANYWHERE;
    };
  }
}
