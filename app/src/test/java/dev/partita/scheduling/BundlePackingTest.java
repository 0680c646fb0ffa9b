// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Small groups against a search through all ways to place them. */
class BundlePackingTest {
  private static final int CASES = 2_000;

  @ParameterizedTest
  @EnumSource
  void findsAPlacementWhereThereIsOne(PlacementStrategy strategy) {
    int possible = 0;
    for (int seed = 0; seed < CASES; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<NodeLedger> nodes = nodes(random);
      List<Resources> bundles = bundles(random);
      List<NodeUsage> before = nodes.stream().map(NodeLedger::usage).toList();

      List<NodeLedger> found = new BundlePacking(bundles, nodes, "d").find(strategy);

      assertThat(nodes.stream().map(NodeLedger::usage)).as("untouched").isEqualTo(before);
      boolean exists = exists(bundles, nodes, strategy, new ArrayList<>());
      assertThat(found != null).as(seed + " " + bundles + " on " + before).isEqualTo(exists);
      if (found != null) {
        possible++;
        assertThat(BundlePacking.fits(bundles, found, "d")).isTrue();
        assertThat(allowed(found, strategy)).isTrue();
      }
    }
    assertThat(possible).isBetween(CASES / 10, CASES * 19 / 20);
  }

  private static List<NodeLedger> nodes(SplittableRandom random) {
    List<NodeLedger> nodes = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String total = "cpu=" + (1 + random.nextInt(6)) + ",gpu=" + random.nextInt(3);
      nodes.add(
          new NodeLedger(
              new NodeState(
                  new NodeId("n" + i),
                  1,
                  new NodeTraits("p", Map.of(), ""),
                  Resources.parse(total),
                  false)));
    }
    return nodes;
  }

  private static List<Resources> bundles(SplittableRandom random) {
    List<Resources> bundles = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      String gpu = List.of("0", "0", "0.5", "0.25", "1").get(random.nextInt(5));
      bundles.add(Resources.parse("cpu=" + random.nextInt(4) + ",gpu=" + gpu));
    }
    return bundles;
  }

  private static boolean exists(
      List<Resources> bundles,
      List<NodeLedger> nodes,
      PlacementStrategy strategy,
      List<NodeLedger> chosen) {
    if (chosen.size() == bundles.size()) {
      return allowed(chosen, strategy);
    }
    Resources next = bundles.get(chosen.size());
    for (NodeLedger node : nodes) {
      if (node.fits(next, "d")) {
        List<GpuShare> shares = node.take(next);
        chosen.add(node);
        boolean found = exists(bundles, nodes, strategy, chosen);
        chosen.remove(chosen.size() - 1);
        node.giveBack(next, shares);
        if (found) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean allowed(@Nullable List<NodeLedger> chosen, PlacementStrategy strategy) {
    long different = chosen == null ? 0 : chosen.stream().distinct().count();
    return switch (strategy) {
      case STRICT_PACK -> different == 1;
      case STRICT_SPREAD -> chosen != null && different == chosen.size();
      case PACK, SPREAD -> true;
    };
  }
}
