// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.GroupPlan;
import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.PlacementGroup;
import dev.partita.scheduling.Resources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;

/**
 * The placement groups that this pod owns. Pods are asked for their bundles; one that has no room
 * says what it has, everything else is given back, and another plan is made. So two groups never
 * hold half of what they need. Any thread.
 */
final class PlacementGroups {
  private static final long PAUSE_MILLIS = 20;
  private static final long KNOWN_NANOS = 1_000_000_000;
  private static final long ANSWER_MILLIS = 15_000;

  private final Submissions submissions;
  private final Runner own;
  private final BiPredicate<String, Frame> sender;
  private final AtomicLong numbers;
  private final Map<Long, Asked> asked = new ConcurrentHashMap<>();
  private final Map<GroupId, List<String>> groups = new ConcurrentHashMap<>();
  private final Map<String, Known> free = new ConcurrentHashMap<>();

  /** A question under way; ends with true, or false and what the pod has. */
  private record Asked(String holder, CompletableFuture<Boolean> answer) {}

  /** What a pod had when it refused. */
  private record Known(Resources free, long untilNanos) {}

  /**
   * None yet.
   *
   * @param own what this pod gives
   * @param sender to another pod; false if it is gone
   */
  PlacementGroups(
      Submissions submissions, Runner own, BiPredicate<String, Frame> sender, AtomicLong numbers) {
    this.submissions = submissions;
    this.own = own;
    this.sender = sender;
    this.numbers = numbers;
  }

  /**
   * Keeps all bundles, or none; waits until there is room.
   *
   * @throws PartitaException PLACEMENT_INFEASIBLE at once; TIMEOUT; CANCELLED if interrupted
   */
  PlacementGroupRef reserve(PlacementGroup group, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    GroupId id = Ids.group();
    try {
      while (true) {
        List<Peer> peers = List.copyOf(submissions.peers());
        Optional<List<NodeId>> plan =
            GroupPlan.place(
                group,
                peers.stream().map(peer -> new GroupPlan.Room(peer.node, free(peer))).toList());
        if (plan.isPresent()) {
          List<String> holders = holders(plan.get(), peers);
          if (ask(id, group, holders)) {
            groups.put(id, holders);
            return new PlacementGroupRef(this, id, holders);
          }
        }
        if (System.nanoTime() - deadline >= 0) {
          throw new PartitaException(
              ErrorCode.TIMEOUT, "no room for all of the placement group within " + timeout);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartitaException(ErrorCode.CANCELLED, "interrupted", e);
    }
  }

  private Resources free(Peer peer) {
    if (peer.self()) {
      return own.free();
    }
    Known known = free.get(peer.holder);
    return known != null && System.nanoTime() - known.untilNanos() < 0
        ? known.free()
        : peer.node.total();
  }

  private static List<String> holders(List<NodeId> nodes, List<Peer> peers) {
    Map<NodeId, String> byNode = new HashMap<>();
    peers.forEach(peer -> byNode.put(peer.node.id(), peer.holder));
    return nodes.stream().map(byNode::get).toList();
  }

  private boolean ask(GroupId id, PlacementGroup group, List<String> holders)
      throws InterruptedException {
    Map<String, List<Integer>> bundles = new LinkedHashMap<>();
    for (int i = 0; i < holders.size(); i++) {
      bundles.computeIfAbsent(holders.get(i), holder -> new ArrayList<>()).add(i);
    }
    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    bundles.forEach((holder, numbersOf) -> answers.add(ask(id, group, holder, numbersOf)));
    boolean all = true;
    for (CompletableFuture<Boolean> answer : answers) {
      all &= granted(answer);
    }
    if (!all) {
      bundles.keySet().forEach(holder -> giveBack(id, holder));
    }
    return all;
  }

  private CompletableFuture<Boolean> ask(
      GroupId id, PlacementGroup group, String holder, List<Integer> bundles) {
    List<Resources> resources =
        bundles.stream().map(i -> group.bundles().get(i).resources()).toList();
    if (isOwn(holder)) {
      try {
        own.reserve(id, bundles, resources);
        return CompletableFuture.completedFuture(true);
      } catch (PartitaException e) {
        return CompletableFuture.completedFuture(false);
      }
    }
    long number = numbers.incrementAndGet();
    Asked question = new Asked(holder, new CompletableFuture<>());
    asked.put(number, question);
    List<String> texts = resources.stream().map(Resources::toString).toList();
    if (!sender.test(holder, new Frame.Reserve(number, id, bundles, texts))) {
      asked.remove(number);
      question.answer().complete(false);
    }
    return question.answer();
  }

  private static boolean granted(CompletableFuture<Boolean> answer) throws InterruptedException {
    try {
      return answer.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  private boolean isOwn(String holder) {
    return submissions.peers().stream().anyMatch(peer -> peer.self() && peer.holder.equals(holder));
  }

  void granted(long number) {
    Asked question = asked.remove(number);
    if (question != null) {
      question.answer().complete(true);
    }
  }

  void refused(long number, Frame.Failure failure) {
    Asked question = asked.remove(number);
    if (question == null) {
      return;
    }
    if (failure.code() == ErrorCode.UNAVAILABLE) {
      free.put(
          question.holder(),
          new Known(Resources.parse(failure.message()), System.nanoTime() + KNOWN_NANOS));
    }
    question.answer().complete(false);
  }

  void gone(String holder) {
    free.remove(holder);
    asked.forEach(
        (number, question) -> {
          if (question.holder().equals(holder) && asked.remove(number) != null) {
            question.answer().complete(false);
          }
        });
  }

  void release(GroupId id) {
    List<String> holders = groups.remove(id);
    if (holders != null) {
      holders.stream().distinct().forEach(holder -> giveBack(id, holder));
    }
  }

  private void giveBack(GroupId id, String holder) {
    if (isOwn(holder)) {
      own.unreserve(id);
    } else {
      // Where it is gone, so is what it kept.
      var unused = sender.test(holder, new Frame.Unreserve(id));
    }
  }

  /** Those that are kept, and on which pods. */
  Map<GroupId, List<String>> all() {
    return Map.copyOf(groups);
  }
}
