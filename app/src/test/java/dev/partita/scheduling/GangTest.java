// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import static dev.partita.scheduling.VirtualCluster.bundles;
import static dev.partita.scheduling.VirtualCluster.each;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Gangs among each other and among small work. */
class GangTest {
  private static final Share SHARE = new Share("t", 1, 0);

  @Test
  void aThousandRandomContentionsEndWithoutDeadlock() {
    for (int seed = 0; seed < 1_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      VirtualCluster cluster = new VirtualCluster(bundle -> 100 + random.nextLong(20_000));
      int nodes = 1 + random.nextInt(6);
      int cpus = 1 + random.nextInt(8);
      cluster.nodes(nodes, "cpu=" + cpus + ",gpu=" + random.nextInt(3));
      int count = 2 + random.nextInt(12);
      for (int i = 0; i < count; i++) {
        cluster.submit("job" + i, new Share("t" + random.nextInt(3), 1, 0), group(random));
      }
      cluster.schedule();
      while (!cluster.isIdle()) {
        cluster.step();
      }
      assertThat(cluster.scheduler.demands()).as("demands left of seed " + seed).isZero();
    }
  }

  private static PlacementGroup group(SplittableRandom random) {
    List<Bundle> bundles = new ArrayList<>();
    int size = 1 + random.nextInt(12);
    for (int i = 0; i < size; i++) {
      String gpu = random.nextInt(4) == 0 ? ",gpu=0.5" : "";
      bundles.add(new Bundle(Resources.parse("cpu=" + (1 + random.nextInt(3)) + gpu)));
    }
    List<PlacementStrategy> strategies = List.of(PlacementStrategy.values());
    PlacementStrategy strategy = strategies.get(random.nextInt(strategies.size()));
    return random.nextInt(4) > 0
        ? PlacementGroup.gang(bundles, strategy)
        : PlacementGroup.each(bundles, strategy);
  }

  /** Small work arrives for ever, so that the cluster never is free by itself. */
  @Test
  void aGangIsNotOvertakenForEver() {
    VirtualCluster cluster = new VirtualCluster(bundle -> 7_000);
    cluster.nodes(4, "cpu=4");
    cluster.submit("stream", new Share("many", 1, 0), each(100_000, "cpu=1"));
    cluster.schedule();
    stagger(cluster);
    cluster.submit(
        "gang",
        new Share("one", 1, 0),
        PlacementGroup.gang(bundles(4, "cpu=4"), PlacementStrategy.STRICT_SPREAD));
    long since = cluster.nowMillis;
    while (cluster.scheduler.running().stream().noneMatch(GangTest::isOfGang)) {
      cluster.step();
      assertThat(cluster.nowMillis - since)
          .as("patience of 30 s, and the 7 s that work lasts")
          .isLessThan(45_000);
    }
  }

  /** So that places become free one at a time. */
  private static void stagger(VirtualCluster cluster) {
    List<Placement> running = cluster.scheduler.running();
    for (int i = 0; i < running.size(); i += 2) {
      cluster.step();
    }
    cluster.nowMillis += 3_500;
    for (int i = 0; i < running.size() / 2; i++) {
      cluster.step();
    }
  }

  @Test
  void whileItWaitsOthersRunAndItIsSaidWhatIsKeptForIt() {
    VirtualCluster cluster =
        new VirtualCluster(bundle -> bundle.demand().equals("long") ? 600_000 : 5_000);
    cluster.nodes(2, "cpu=4");
    cluster.submit("long", SHARE, each(1, "cpu=2"));
    cluster.schedule();
    cluster.submit("gang", SHARE, PlacementGroup.gang(bundles(2, "cpu=4"), PlacementStrategy.PACK));
    cluster.submit("small", SHARE, each(1_000, "cpu=1"));
    assertThat(cluster.schedule()).hasSize(6);
    int overtakers = 6;
    String reason = "";
    while (!reason.contains("kept")) {
      overtakers += cluster.step().size();
      reason = cluster.scheduler.waitingReason("gang").orElse("kept for nobody");
    }

    assertThat(reason).contains("a gang of 2").contains("kept for it: [n0, n1]");
    assertThat(overtakers).as("six places, 5 s each, for 30 s").isBetween(36, 48);
  }

  private static boolean isOfGang(Placement placement) {
    return placement.bundle().demand().equals("gang");
  }
}
