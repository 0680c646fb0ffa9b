// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.tensor.NamedRegion;
import dev.partita.tensor.NativeArray;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What a {@link TrainingLoop} gets from the platform. One per rank, for that rank's thread.
 *
 * <p>Order of calls: first what makes up a checkpoint ({@link #floats}, {@link #keep}), then {@link
 * #iterations} once.
 */
public interface TrainingContext {
  /** This rank, 0 to ranks - 1. */
  int rank();

  /** Number of ranks that train together. */
  int ranks();

  /** The ranks of this pod, ascending; this rank is one of them. */
  List<Integer> ranksHere();

  /** The job instance that trains; the same after every restart. */
  long instanceId();

  /** The job's parameters and the step's properties; the latter win. */
  Parameters parameters();

  /**
   * An object that all ranks of this pod use: made by the first that asks, closed when the last has
   * ended.
   */
  <T extends AutoCloseable> T shared(Class<T> type, Callable<? extends T> make) throws Exception;

  /**
   * Zeroed memory that all ranks of this pod share and that survives kills: part of every
   * checkpoint, under this name in {@code model.safetensors}.
   */
  FloatBuffer floats(String name, long... shape);

  /**
   * Makes memory part of every checkpoint, as file {@code name} in safetensors layout; it must stay
   * in place until the loop returns (an object from {@link #shared} does). The same on every rank.
   *
   * @param metadata for the file's header, the same in every run
   */
  void keep(String name, Map<String, String> metadata, List<NamedRegion> regions);

  /**
   * The numbers of the iterations still to do, from the last checkpoint (or 0) up to {@code total -
   * 1}. Before each of them all ranks meet; there checkpoints are taken, and there it ends early
   * when somebody stops the job. When it ends, the last checkpoint is committed.
   */
  Iterable<Long> iterations(long total);

  /** Waits until all ranks are here. */
  void barrier();

  /** As {@link #barrier}, and meanwhile the pods tell each other what {@code exchange} says. */
  void exchange(PodExchange exchange);

  /**
   * As {@link #barrier}, and then {@code values}, the same array for all ranks of a pod, are the
   * sum of all pods', added by Gloo in an order of its own: equal to one pod's up to rounding.
   */
  void allReduce(NativeArray values);

  /** A value of a curve at this iteration; the mean over some iterations is published (rank 0). */
  void report(String curve, double value);

  /** Counts work, for the rate {@code <unit>_per_second} (rank 0; give the count of all ranks). */
  void processed(String unit, long count);

  /** Something a resumed loop wants to read again with {@link #cursor()}. Rank 0's counts. */
  void remember(String key, String value);

  /** What was remembered in the checkpoint this run goes on from; empty in a new run. */
  Map<String, String> cursor();
}
