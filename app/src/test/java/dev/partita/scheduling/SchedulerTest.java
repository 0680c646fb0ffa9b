// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private final Scheduler scheduler = new Scheduler(SchedulerSettings.DEFAULT, Instant.EPOCH);
  private Instant now = Instant.EPOCH;

  @Test
  void whatNoNodeCouldRunIsRefusedAtOnceWithTheReason() {
    join("a", "cpu", "cpu=4,gpu=1");
    join("b", "spot", "cpu=8");
    submit("train", each(1, "gpu=2"), Where.ANYWHERE);
    submit("gang", gang(4, "cpu=4", PlacementStrategy.PACK), Where.ANYWHERE);
    submit("apart", gang(3, "cpu=1", PlacementStrategy.STRICT_SPREAD), Where.ANYWHERE);
    submit("pool", each(1, "cpu=1"), new Where(List.of("tpu"), Map.of(), ""));

    Map<String, String> reasons =
        schedule().refusals().stream()
            .filter(refusal -> refusal.bundle().index() == 0 && refusal.infeasible())
            .collect(Collectors.toMap(r -> r.bundle().demand(), Round.Refusal::reason));

    assertThat(reasons)
        .containsEntry("train", "no node could ever run it: asks gpu=2, the largest node has 1")
        .containsEntry(
            "gang",
            "the nodes could never run it together: a gang of 4 asks cpu=16, the 2 nodes that may"
                + " run it have cpu=12,gpu=1")
        .containsEntry(
            "pool", "no node could ever run it: asks for pool tpu; none of the 2 nodes is so")
        .containsKey("apart");
    assertThat(scheduler.demands()).isZero();
  }

  @Test
  void whatWaitsSaysWhy() {
    join("a", "cpu", "cpu=4");
    submit("first", each(1, "cpu=3"), Where.ANYWHERE);
    submit("second", each(1, "cpu=2"), Where.ANYWHERE);
    schedule();

    assertThat(scheduler.waitingReason("first")).isEmpty();
    assertThat(scheduler.waitingReason("second"))
        .contains(
            "waits for cpu=2: of 1 nodes that could run it none has room now, the freest has"
                + " cpu=1");
  }

  @Test
  void partsOfGpusShareOneDeviceAndLeaveWholeOnes() {
    join("a", "gpu", "cpu=8,gpu=2");
    submit("parts", each(2, "gpu=0.5"), Where.ANYWHERE);
    schedule();
    submit("whole", each(1, "gpu=1"), Where.ANYWHERE);

    assertThat(schedule().assignments()).hasSize(1);
    assertThat(scheduler.nodes().get(0).gpuFreeMilli()).containsExactly(0L, 0L);
  }

  @Test
  void poolsAreTakenInTheirOrder() {
    join("c", "cpu", "cpu=1");
    join("s", "spot", "cpu=1");
    submit("job", each(3, "cpu=1"), new Where(List.of("spot", "cpu"), Map.of(), ""));

    assertThat(placements(schedule())).extracting(p -> p.node().name()).containsExactly("s", "c");
  }

  @Test
  void aGangStartsAsAWholeOrNotAtAll() {
    join("a", "cpu", "cpu=2");
    join("b", "cpu", "cpu=2");
    submit("one", gang(3, "cpu=1", PlacementStrategy.SPREAD), Where.ANYWHERE);
    submit("two", gang(3, "cpu=1", PlacementStrategy.SPREAD), Where.ANYWHERE);

    Round round = schedule();

    assertThat(round.assignments()).hasSize(1);
    assertThat(round.assignments().get(0).placements()).hasSize(3);
  }

  @Test
  void aLostMemberStopsItsGangWhichThenStartsOnWhatIsLeft() {
    join("a", "cpu", "cpu=1");
    join("b", "cpu", "cpu=1");
    submit(
        "gang", new PlacementGroup(bundles(2, "cpu=1"), PlacementStrategy.PACK, 1), Where.ANYWHERE);
    List<Placement> both = placements(schedule());

    scheduler.nodeLost(new NodeId("a"), 1, p -> true);
    List<Placement> aborts = schedule().aborts();
    assertThat(aborts).hasSize(1).allMatch(both::contains);
    aborts.forEach(p -> scheduler.ended(p, AttemptEnd.GANG_ABORTED, true));

    assertThat(placements(schedule()))
        .singleElement()
        .satisfies(
            p -> {
              assertThat(p.bundle().index()).isZero();
              assertThat(p.attempt()).isEqualTo(2);
            });
  }

  @Test
  void aGangWaitsForItsFullSizeWhereThatCanBe() {
    join("a", "cpu", "cpu=1");
    join("b", "cpu", "cpu=1");
    submit("busy", each(1, "cpu=1"), Where.ANYWHERE);
    schedule();
    submit(
        "gang", new PlacementGroup(bundles(2, "cpu=1"), PlacementStrategy.PACK, 1), Where.ANYWHERE);

    assertThat(schedule().assignments()).isEmpty();
  }

  @Test
  void partsOfAGangShareDevicesAsTheyWereFoundToFit() {
    join("a", "gpu", "cpu=8,gpu=2");
    List<Bundle> parts =
        List.of("gpu=0.75", "gpu=0.5", "gpu=0.5", "gpu=0.25").stream()
            .map(gpu -> new Bundle(Resources.parse(gpu)))
            .toList();
    submit("gang", PlacementGroup.gang(parts, PlacementStrategy.PACK), Where.ANYWHERE);

    assertThat(placements(schedule())).hasSize(4);
    assertThat(scheduler.nodes().get(0).gpuFreeMilli()).containsExactly(0L, 0L);
  }

  @Test
  void workUnderWhichThreeNodesDieIsQuarantined() {
    join("a", "cpu", "cpu=1");
    submit("poison", each(1, "cpu=1"), Where.ANYWHERE);
    for (long incarnation = 1; incarnation <= 3; incarnation++) {
      assertThat(placements(schedule())).hasSize(1);
      scheduler.nodeJoined(node("a", incarnation + 1, "cpu", "cpu=1"), p -> false);
    }

    Round last = schedule();

    assertThat(last.assignments()).isEmpty();
    assertThat(last.refusals())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.reason()).startsWith("quarantined: 3 nodes"));
  }

  @Test
  void aMessageThatComesTwiceChangesNothing() {
    join("a", "cpu", "cpu=1");
    submit("job", each(2, "cpu=1"), Where.ANYWHERE);
    Placement first = placements(schedule()).get(0);

    assertThat(scheduler.ended(first, AttemptEnd.COMPLETED, true)).isTrue();
    assertThat(scheduler.ended(first, AttemptEnd.COMPLETED, true)).isFalse();
    Placement second = placements(schedule()).get(0);
    assertThat(scheduler.ended(first, AttemptEnd.FAILED, true)).isFalse();
    assertThat(scheduler.running()).containsExactly(second);
  }

  @Test
  void aLateMessageOfAFormerAttemptChangesNothing() {
    join("a", "cpu", "cpu=1");
    scheduler.submit(
        new Demand(
            "job", each(1, "cpu=1"), Where.ANYWHERE, new Share("t", 1, 0), new RetryPolicy(3, 0)));
    Placement first = placements(schedule()).get(0);
    scheduler.ended(first, AttemptEnd.FAILED, false);
    Placement second = placements(schedule()).get(0);

    assertThat(scheduler.ended(first, AttemptEnd.COMPLETED, true)).isFalse();
    assertThat(second.attempt()).isGreaterThan(first.attempt());
    assertThat(scheduler.running()).containsExactly(second);
  }

  @Test
  void aNodeThatDrainsTakesNothingNew() {
    join("a", "cpu", "cpu=1");
    scheduler.nodeJoined(node("a", 1, "cpu", "cpu=1").drained(), p -> false);
    submit("job", each(1, "cpu=1"), Where.ANYWHERE);

    assertThat(schedule().assignments()).isEmpty();
  }

  @Test
  void aNewLeaderKnowsWhatRuns() {
    join("a", "gpu", "cpu=4,gpu=2");
    Demand demand = demand("job", each(2, "gpu=0.5"), Where.ANYWHERE);
    Placement held =
        new Placement(new BundleId("job", 0), 7, new NodeId("a"), 1, List.of(new GpuShare(1, 500)));
    scheduler.resume(
        demand,
        List.of(new BundleState(new AttemptHistory(7, 0, 0, 0), held, false), BundleState.NEW));

    assertThat(placements(schedule()))
        .singleElement()
        .satisfies(p -> assertThat(p.gpus()).containsExactly(new GpuShare(1, 500)));
    Set<Placement> running = Set.copyOf(scheduler.running());
    running.forEach(p -> scheduler.ended(p, AttemptEnd.COMPLETED, true));
    assertThat(scheduler.nodes().get(0).free()).hasToString("cpu=4,gpu=2");
  }

  @Test
  void bundlesOfADemandMayArriveOneByOne() {
    join("a", "cpu", "cpu=2");
    BundleState absent = new BundleState(AttemptHistory.NONE, null, true);
    scheduler.resume(
        demand("job", each(3, "cpu=1"), Where.ANYWHERE), List.of(BundleState.NEW, absent, absent));
    assertThat(placements(schedule())).hasSize(1);
    BundleId second = new BundleId("job", 1);
    assertThat(scheduler.arrived(second, new AttemptHistory(4, 0, 0, 0))).isTrue();
    assertThat(scheduler.arrived(second, AttemptHistory.NONE)).as("it is there").isFalse();
    assertThat(placements(schedule()))
        .singleElement()
        .satisfies(p -> assertThat(p.bundle()).isEqualTo(second))
        .satisfies(p -> assertThat(p.attempt()).isEqualTo(5));
    Set.copyOf(scheduler.running()).forEach(p -> scheduler.ended(p, AttemptEnd.COMPLETED, true));
    assertThat(scheduler.demands()).isZero();
    assertThat(scheduler.arrived(new BundleId("job", 2), AttemptHistory.NONE)).isFalse();
  }

  @Test
  void whatIsDroppedNeverStartsAndOthersDo() {
    join("a", "cpu", "cpu=1");
    submit("job", each(3, "cpu=1"), Where.ANYWHERE);
    Placement first = placements(schedule()).get(0);
    scheduler.dropped(new BundleId("job", 1));
    scheduler.dropped(first.bundle());
    scheduler.ended(first, AttemptEnd.COMPLETED, true);
    Placement last = placements(schedule()).get(0);
    assertThat(last.bundle().index()).isEqualTo(2);
    scheduler.ended(last, AttemptEnd.COMPLETED, true);
    assertThat(scheduler.demands()).isZero();
    submit("gang", gang(2, "cpu=1", PlacementStrategy.PACK), Where.ANYWHERE);
    scheduler.dropped(new BundleId("gang", 0));
    assertThat(scheduler.demands()).isZero();
  }

  private void join(String name, String pool, String resources) {
    scheduler.nodeJoined(node(name, 1, pool, resources), p -> false);
  }

  private static NodeState node(String name, long incarnation, String pool, String resources) {
    return new NodeState(
        new NodeId(name),
        incarnation,
        new NodeTraits(pool, Map.of(), "h"),
        Resources.parse(resources),
        false);
  }

  private void submit(String id, PlacementGroup group, Where where) {
    scheduler.submit(demand(id, group, where));
  }

  private static Demand demand(String id, PlacementGroup group, Where where) {
    return new Demand(id, group, where, new Share("t", 1, 0), RetryPolicy.DEFAULT);
  }

  private Round schedule() {
    now = now.plusSeconds(1);
    return scheduler.schedule(now, Integer.MAX_VALUE);
  }

  private static List<Placement> placements(Round round) {
    return round.assignments().stream().flatMap(a -> a.placements().stream()).toList();
  }

  private static List<Bundle> bundles(int count, String resources) {
    return Collections.nCopies(count, new Bundle(Resources.parse(resources)));
  }

  private static PlacementGroup each(int count, String resources) {
    return PlacementGroup.each(bundles(count, resources), PlacementStrategy.PACK);
  }

  private static PlacementGroup gang(int count, String resources, PlacementStrategy strategy) {
    return PlacementGroup.gang(bundles(count, resources), strategy);
  }
}
