// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.ResourceLedger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pods that calls may go to, and which of them is the best. Not thread-safe. */
final class Peers {
  private static final int PROBLEMS_KEPT = 10_000;

  private final Map<String, Peer> byHolder = new LinkedHashMap<>();
  private final Map<List<Object>, Optional<String>> problems = new HashMap<>();

  void add(Peer peer) {
    byHolder.put(peer.holder, peer);
    problems.clear();
  }

  void remove(Peer peer) {
    peer.over = true;
    byHolder.remove(peer.holder, peer);
    problems.clear();
  }

  /** This pod has another life. */
  void rename(Peer former, String holder) {
    byHolder.remove(former.holder);
    former.holder = holder;
    byHolder.put(holder, former);
  }

  @Nullable Peer find(String holder) {
    return byHolder.get(holder);
  }

  List<Peer> all() {
    return List.copyOf(byHolder.values());
  }

  /** Why no pod could ever run it; empty if one could. */
  Optional<String> problem(Submission.Request request) {
    if (request.bundle() != null) {
      return Optional.empty();
    }
    if (problems.size() > PROBLEMS_KEPT) {
      problems.clear();
    }
    return problems.computeIfAbsent(
        List.of(request.resources(), request.where()),
        key -> {
          List<NodeState> nodes = byHolder.values().stream().map(peer -> peer.node).toList();
          return ResourceLedger.problem(request.resources(), nodes, request.where());
        });
  }

  /** Pods that live and may run it. */
  List<Peer> able(Submission.Request request) {
    return byHolder.values().stream().filter(peer -> able(request, peer)).toList();
  }

  private static boolean able(Submission.Request request, Peer peer) {
    return !peer.over
        && !peer.node.draining()
        && request.where().allows(peer.node.traits())
        && request.resources().fitsIn(peer.node.total());
  }

  /** The pod with room that has least to do; null: none that may run it has room. */
  @Nullable Peer best(Submission submission) {
    Peer best = null;
    double least = Double.MAX_VALUE;
    for (Peer peer : byHolder.values()) {
      if (!peer.hasRoom() || !able(submission.request, peer)) {
        continue;
      }
      double load = peer.load() - nearness(submission, peer);
      if (load < least) {
        least = load;
        best = peer;
      }
    }
    return best;
  }

  /** A pod that holds large arguments is as good as one with less to do. */
  private static double nearness(Submission submission, Peer peer) {
    long bytes = 0;
    for (Submission.Argument argument : submission.arguments) {
      Value value =
          argument.object() == null ? argument.value() : argument.object().value.getNow(null);
      if (value instanceof Value.Stored stored && stored.holder().equals(peer.holder)) {
        bytes += stored.byteSize();
      }
    }
    return bytes / 1e6;
  }
}
