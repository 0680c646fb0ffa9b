// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.NodeState;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * The pods that share one database, as far as the engine has to know them. What decides stands in
 * the database; a bell only says that it is worth looking there now. Any thread.
 */
public interface Cluster {
  /** Something changed that another pod may want to look at. */
  enum Bell {
    /** Partitions wait for a pod. */
    WORK,
    /** Partitions ended, or their collectors have news. */
    RESULT,
    /** Somebody wants a job to stop. */
    STOP,
    /** A pod is gone: what it held can be taken. */
    DEATH
  }

  /**
   * Becomes a member, once the tables exist. May be called again after it failed.
   *
   * @throws dev.partita.error.PartitaException STORAGE_FAILURE or INVALID_CONFIG
   */
  void join(DataSource database);

  /** Whether other pods may share the database; the same for the whole life of the process. */
  boolean shared();

  /** Names this life of the pod in leases; another one after its lease was lost. */
  String holder();

  /** Content hash of what this pod runs; partitions move only between pods of the same. */
  String application();

  /** Whether this pod may take work now: its lease holds, it does not drain, no quiet time. */
  boolean accepting();

  /** This pod, as it offers itself to partitions. */
  NodeState node();

  /** Rings at all other pods, without waiting for them; a ring may be lost. */
  void ring(Bell bell);

  /**
   * Who is told; set once.
   *
   * @param bells another pod rang
   * @param lost this pod's lease was lost, and {@link #holder} is another one now
   */
  void listen(Consumer<Bell> bells, Runnable lost);

  /** Takes nothing new from now on. */
  void drain();

  /** Goes, in good order. */
  void leave();
}
