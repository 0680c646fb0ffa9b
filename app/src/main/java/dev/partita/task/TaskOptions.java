// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.Resources;
import dev.partita.scheduling.Where;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a task is to run. Change {@link #DEFAULT} with the methods named {@code with…}.
 *
 * <p>Resources decide where and when a task starts. On a thread of the server nothing keeps it from
 * taking more.
 *
 * @param name for people; empty: the name of the method
 * @param resources while it runs; by default one processor
 * @param where it may run; by default anywhere
 * @param retries when it is run again
 * @param timeout from submission on, after which it fails with TIMEOUT; zero: never
 * @param priority of two that wait in a pod the higher goes first
 * @param bundle part of a placement group that it runs in, or null
 */
public record TaskOptions(
    String name,
    Resources resources,
    Where where,
    Retries retries,
    Duration timeout,
    int priority,
    PlacementGroupRef.@Nullable Part bundle) {

  /** One processor anywhere, three retries when a pod dies. */
  public static final TaskOptions DEFAULT =
      new TaskOptions(
          "", Resources.of(1, 0, 0), Where.ANYWHERE, Retries.DEFAULT, Duration.ZERO, 0, null);

  /**
   * When a task is run again. What it did before it failed stays done.
   *
   * @param most times after the first; each lost pod and each failure of {@code on} counts
   * @param on what it throws, or subclasses of that; lost pods always
   * @param backOff before the first retry after a failure; doubled with each
   */
  public record Retries(int most, List<Class<? extends Throwable>> on, Duration backOff) {
    public static final Retries DEFAULT = new Retries(3, List.of(), Duration.ofMillis(100));

    public Retries {
      on = List.copyOf(on);
      if (most < 0 || backOff.isNegative()) {
        throw new PartitaException(
            ErrorCode.INVALID_ARGUMENT,
            "retries are 0 or more, and so is the back-off: " + most + ", " + backOff);
      }
    }
  }

  public TaskOptions {
    if (timeout.isNegative()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "a time-out is positive, or zero for none: " + timeout);
    }
  }

  public TaskOptions withName(String text) {
    return new TaskOptions(text, resources, where, retries, timeout, priority, bundle);
  }

  /** As in {@code cpu=2,gpu=0.5,memory=4GiB,licence=1}. */
  public TaskOptions withResources(String text) {
    return withResources(Resources.parse(text));
  }

  public TaskOptions withResources(Resources asked) {
    return new TaskOptions(name, asked, where, retries, timeout, priority, bundle);
  }

  /** Pools in the order of preference. */
  public TaskOptions withPools(String... pools) {
    return withWhere(new Where(List.of(pools), where.labels(), where.applicationHash()));
  }

  /** Labels that the pod must have. */
  public TaskOptions withLabels(Map<String, String> labels) {
    return withWhere(new Where(where.pools(), labels, where.applicationHash()));
  }

  public TaskOptions withWhere(Where there) {
    return new TaskOptions(name, resources, there, retries, timeout, priority, bundle);
  }

  public TaskOptions withMaxRetries(int most) {
    return withRetries(new Retries(most, retries.on(), retries.backOff()));
  }

  /** Also when it throws one of these. */
  public TaskOptions withRetryOn(List<Class<? extends Throwable>> types) {
    return withRetries(new Retries(retries.most(), types, retries.backOff()));
  }

  public TaskOptions withRetries(Retries again) {
    return new TaskOptions(name, resources, where, again, timeout, priority, bundle);
  }

  public TaskOptions withTimeout(Duration limit) {
    return new TaskOptions(name, resources, where, retries, limit, priority, bundle);
  }

  public TaskOptions withPriority(int number) {
    return new TaskOptions(name, resources, where, retries, timeout, number, bundle);
  }

  /** In this part of a placement group, on the pod where that is. */
  public TaskOptions in(PlacementGroupRef.Part part) {
    return new TaskOptions(name, resources, where, retries, timeout, priority, part);
  }
}
