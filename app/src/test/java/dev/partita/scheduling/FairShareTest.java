// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import static dev.partita.scheduling.VirtualCluster.each;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FairShareTest {
  private final SplittableRandom random = new SplittableRandom(1);

  /** Of a large cluster, of one with two places, and with partitions of different sizes. */
  @ParameterizedTest
  @CsvSource({
    "10,cpu=4,cpu=1,cpu=1,1,3",
    "1,cpu=2,cpu=1,cpu=1,3,1",
    "1,cpu=1,cpu=1,cpu=1,1,2",
    "8,cpu=8,cpu=2,cpu=1,2,1",
    "8,cpu=8,cpu=0.5,cpu=2,1,1"
  })
  void tenantsGetProcessorsByWeight(
      int nodes, String node, String big, String small, double bigWeight, double smallWeight) {
    VirtualCluster cluster = new VirtualCluster(bundle -> 5_000 + random.nextLong(20_000));
    cluster.nodes(nodes, node);
    cluster.submit("big", new Share("big", bigWeight, 0), each(10_000, big));
    cluster.submit("small", new Share("small", smallWeight, 0), each(10_000, small));
    cluster.schedule();
    for (int i = 0; i < 3_000; i++) {
      cluster.step();
    }
    double ratio = cluster.cpuMillisOf("big") / cluster.cpuMillisOf("small");
    assertThat(ratio).isCloseTo(bigWeight / smallWeight, withPercentage(10));
  }

  @Test
  void aSmallJobIsNotStarvedByTenThousandPartitions() {
    VirtualCluster cluster = new VirtualCluster(bundle -> 10_000);
    cluster.nodes(4, "cpu=4");
    cluster.submit("huge", new Share("a", 1, 0), each(10_000, "cpu=1"));
    cluster.schedule();
    cluster.step();
    cluster.submit("small", new Share("b", 1, 0), each(16, "cpu=1"));
    long since = cluster.nowMillis;
    while (cluster.scheduler.history(new BundleId("small", 0)).isPresent()) {
      cluster.step();
    }
    // 16 partitions, 10 s each, on its half of 16 processors: 20 s, and up to 10 s for the first
    assertThat(cluster.nowMillis - since).isLessThanOrEqualTo(30_000);
  }

  @Test
  void theDominantResourceCounts() {
    VirtualCluster cluster = new VirtualCluster(bundle -> 5_000 + random.nextLong(10_000));
    cluster.nodes(1, "cpu=90,memory=180GiB");
    cluster.submit("memory", new Share("m", 1, 0), each(10_000, "cpu=1,memory=4GiB"));
    cluster.submit("cpu", new Share("c", 1, 0), each(10_000, "cpu=3,memory=1GiB"));

    // the example of the paper: 30 × <1 CPU, 4 GB> and 20 × <3 CPU, 1 GB>
    assertThat(cluster.schedule().stream().filter(p -> p.bundle().demand().equals("memory")))
        .hasSizeBetween(29, 31);
    assertThat(cluster.scheduler.running().stream().filter(p -> p.bundle().demand().equals("cpu")))
        .hasSizeBetween(19, 21);
  }

  @Test
  void withinATenantPriorityGoesFirstAndEqualsTakeTurns() {
    VirtualCluster cluster = new VirtualCluster(bundle -> 1_000);
    cluster.nodes(1, "cpu=4");
    cluster.submit("first", new Share("t", 1, 0), each(100, "cpu=1"));
    cluster.submit("second", new Share("t", 1, 0), each(100, "cpu=1"));
    cluster.submit("urgent", new Share("t", 1, 5), each(2, "cpu=1"));

    assertThat(cluster.schedule())
        .extracting(p -> p.bundle().demand())
        .containsExactly("urgent", "urgent", "first", "second");
  }

  @Test
  void whoWaitedForNothingSavesNoShare() {
    VirtualCluster cluster = new VirtualCluster(bundle -> 1_000);
    cluster.nodes(1, "cpu=2");
    cluster.submit("a", new Share("a", 1, 0), each(10_000, "cpu=1"));
    cluster.schedule();
    for (int i = 0; i < 1_000; i++) {
      cluster.step();
    }
    cluster.submit("b", new Share("b", 1, 0), each(10_000, "cpu=1"));
    cluster.cpuMillis.clear();
    for (int i = 0; i < 200; i++) {
      cluster.step();
    }
    double ratio = cluster.cpuMillisOf("a") / cluster.cpuMillisOf("b");
    assertThat(ratio).isCloseTo(1, withPercentage(10));
  }
}
