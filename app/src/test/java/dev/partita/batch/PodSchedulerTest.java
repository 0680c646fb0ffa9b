// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.scheduling.BundleId;
import dev.partita.scheduling.Demand;
import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.NodeTraits;
import dev.partita.scheduling.RetryPolicy;
import dev.partita.scheduling.Share;
import dev.partita.scheduling.StepProperties;
import dev.partita.scheduling.Where;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PodSchedulerTest {
  private final List<String> heard = new ArrayList<>();

  @Test
  void aGangGetsAllItsPlacesOrNone() {
    PodScheduler pod = pod(4, 4, 1);
    gang(pod, "first", 3);
    gang(pod, "second", 3);
    assertThat(heard).containsExactly("first[0]", "first[1]", "first[2]");
    assertThat(pod.inUse()).isEqualTo(3);
    assertThat(pod.waiting()).isEqualTo(3);
    assertThat(pod.waitingReason("second").orElseThrow()).contains("all of a gang of 3");
    end(pod, "first", 0);
    assertThat(heard).hasSize(3);
    end(pod, "first", 1);
    assertThat(heard).hasSize(6);
    assertThat(pod.inUse()).isEqualTo(4);
  }

  @Test
  void partitionsOfAStepComeOneByOneAndSoDoTheirPlaces() {
    PodScheduler pod = pod(2, 8, 1);
    Demand step = demand("step", 3, Map.of());
    for (int i = 0; i < 3; i++) {
      pod.submit(step, i, waiter("step[" + i + "]"));
    }
    assertThat(heard).containsExactly("step[0]", "step[1]");
    end(pod, "step", 0);
    assertThat(heard).endsWith("step[2]");
    IntStream.of(1, 2).forEach(i -> end(pod, "step", i));
    assertThat(pod.inUse()).isZero();
    pod.submit(step, 0, waiter("again"));
    assertThat(heard).endsWith("again");
  }

  @Test
  void permitsBoundWhatAsksForLessThanAProcessorAndWhatOnlyWaitsHasItsOwn() {
    PodScheduler pod = pod(2, 3, 1);
    Demand quarters = demand("quarters", 4, Map.of("partita.resources", "cpu=0.25"));
    Demand waits = demand("waits", 2, Map.of("partita.resources", "cpu=0"));
    for (int i = 0; i < 4; i++) {
      pod.submit(quarters, i, waiter("quarter"));
    }
    assertThat(heard).hasSize(3);
    pod.submit(waits, 0, waiter("waits"));
    pod.submit(waits, 1, waiter("waits"));
    assertThat(heard).hasSize(4).endsWith("waits");
  }

  @Test
  void aWithdrawnPartitionIsNeverStartedAndBlocksNobody() {
    PodScheduler pod = pod(1, 8, 1);
    Demand step = demand("step", 3, Map.of());
    for (int i = 0; i < 3; i++) {
      pod.submit(step, i, waiter("step[" + i + "]"));
    }
    assertThat(pod.withdraw(new BundleId("step", 1))).isTrue();
    end(pod, "step", 0);
    assertThat(heard).containsExactly("step[0]", "step[2]");
    assertThat(pod.withdraw(new BundleId("step", 1))).isFalse();
    assertThat(pod.withdraw(new BundleId("step", 2))).isFalse();
  }

  @Test
  void whatCanNeverFitIsRefusedAtOnceWithTheReason() {
    PodScheduler pod = pod(2, 8, 1);
    gang(pod, "large", 3);
    pod.submit(demand("gpu", 1, Map.of("partita.resources", "gpu=1")), 0, waiter("gpu"));
    pod.submit(demand("pool", 1, Map.of("partita.pool", "spot")), 0, waiter("pool"));
    assertThat(heard)
        .hasSize(5)
        .allMatch(line -> line.contains("PLACEMENT_INFEASIBLE: no node could ever run it"));
    assertThat(heard.get(0)).contains("asks cpu=3").contains("the largest has 2 cpu");
    assertThat(pod.waiting()).isZero();
  }

  private void gang(PodScheduler pod, String id, int members) {
    pod.submit(
        demand(id, members, Map.of("partita.gang", "true")),
        IntStream.range(0, members).mapToObj(i -> waiter(id + "[" + i + "]")).toList());
  }

  private static void end(PodScheduler pod, String demand, int index) {
    pod.ended(new BundleId(demand, index));
  }

  private PodScheduler.Waiter waiter(String name) {
    return new PodScheduler.Waiter() {
      @Override
      public void start() {
        heard.add(name);
      }

      @Override
      public void refuse(String reason) {
        heard.add(name + ": " + reason);
      }
    };
  }

  private static Demand demand(String id, int partitions, Map<String, String> properties) {
    StepProperties asks = StepProperties.parse(properties);
    return new Demand(
        id,
        PlacedStep.group(asks, partitions),
        new Where(asks.pools(), Map.of(), ""),
        new Share("tenant", 1, asks.priority()),
        RetryPolicy.DEFAULT);
  }

  private static PodScheduler pod(int cpus, int permits, int waitingPermits) {
    return new PodScheduler(
        new NodeState(
            new NodeId("pod"),
            1,
            NodeTraits.of(Map.of(), ""),
            Places.offered(cpus, 0, 1L << 30, permits, waitingPermits),
            false),
        () -> Instant.EPOCH);
  }
}
