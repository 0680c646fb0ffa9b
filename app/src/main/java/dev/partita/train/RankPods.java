// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Which pods the ranks of a gang run on. The pod of rank 0 is pod 0: it takes the checkpoints.
 *
 * @param pod this one
 * @param addresses of the pods, where they hear each other
 * @param podOfRank by rank
 */
public record RankPods(int pod, List<String> addresses, List<Integer> podOfRank) {
  public RankPods {
    addresses = List.copyOf(addresses);
    podOfRank = List.copyOf(podOfRank);
    int pods = addresses.size();
    if (podOfRank.isEmpty()
        || podOfRank.get(0) != 0
        || podOfRank.stream().anyMatch(at -> at < 0 || at >= pods)
        || !podOfRank.contains(pod)) {
      throw new IllegalArgumentException("ranks on " + podOfRank + " of " + pods + " pods");
    }
  }

  /** All on this pod, which is heard by nobody. */
  public static RankPods alone(int ranks) {
    if (ranks < 1) {
      throw new IllegalArgumentException("ranks=" + ranks);
    }
    return new RankPods(0, List.of(""), IntStream.range(0, ranks).mapToObj(rank -> 0).toList());
  }

  /**
   * As somebody placed them.
   *
   * @param addressOfRank by rank: where the pod that runs it hears others
   * @param rank one of this pod
   */
  public static RankPods of(List<String> addressOfRank, int rank) {
    List<String> addresses = addressOfRank.stream().distinct().toList();
    List<Integer> pods = addressOfRank.stream().map(addresses::indexOf).toList();
    return new RankPods(pods.get(rank), addresses, pods);
  }

  public int ranks() {
    return podOfRank.size();
  }

  public int pods() {
    return addresses.size();
  }

  /** Of this pod, without the port. */
  public String host() {
    String address = addresses.get(pod);
    return address.substring(0, Math.max(0, address.lastIndexOf(':')));
  }

  /** The ranks of this pod, ascending. */
  public List<Integer> ranksHere() {
    return IntStream.range(0, ranks()).filter(rank -> podOfRank.get(rank) == pod).boxed().toList();
  }
}
