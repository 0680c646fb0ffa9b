// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.scheduling.NodeState;
import java.util.List;

/** The other pods, as far as work that is sent to them has to know. Any thread. */
public interface PodNetwork {
  /** Names this life of this pod. */
  String holder();

  /** This pod, as it offers itself. */
  NodeState node();

  /** The other pods that live, as of the last look; empty on a database of one pod. */
  List<Node> peers();

  /**
   * Begins a session with a pod. Connects in the background: frames wait until it stands, and a pod
   * that cannot be reached, or that lives another life by now, ends it.
   */
  PodSession open(Node peer, PodSession.Listener listener);

  /**
   * Called when the network is there, set once.
   *
   * @param served hears the sessions that other pods begin
   * @param changed told when pods came or went, or {@link #holder} is another one
   */
  void serve(PodSession.Listener served, Runnable changed);
}
