// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.Resources;
import dev.partita.scheduling.Where;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an actor is to live. Change {@link #DEFAULT} with the methods named {@code with…}.
 *
 * @param name for people
 * @param resources taken by each of its calls while it runs; by default nothing
 * @param where it may live; by default anywhere
 * @param maxRestarts after its pod died; -1: without end
 * @param delivery of its calls that do not say otherwise
 * @param limits of its mailbox
 * @param bundle part of a placement group that it lives in, or null
 */
public record ActorOptions(
    String name,
    Resources resources,
    Where where,
    int maxRestarts,
    Delivery delivery,
    Limits limits,
    PlacementGroupRef.@Nullable Part bundle) {

  /** Restarted without end, its calls made again. */
  public static final ActorOptions DEFAULT =
      new ActorOptions(
          "",
          Resources.ZERO,
          Where.ANYWHERE,
          -1,
          Delivery.AT_LEAST_ONCE,
          new Limits(1, 10_000),
          null);

  /**
   * Of a mailbox.
   *
   * @param maxConcurrency calls that run at once, 1 to 1000; above 1 they begin in order only
   * @param mailbox calls that wait at most; those above are kept back by who sends them
   */
  public record Limits(int maxConcurrency, int mailbox) {
    public Limits {
      if (maxConcurrency < 1 || maxConcurrency > 1000 || mailbox < 1 || mailbox > 1_000_000) {
        throw new PartitaException(
            ErrorCode.INVALID_ARGUMENT,
            "maxConcurrency is 1 to 1000 and mailbox 1 to 1000000: "
                + maxConcurrency
                + ", "
                + mailbox);
      }
    }
  }

  public ActorOptions {
    if (maxRestarts < -1) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "maxRestarts is -1 (without end) or more: " + maxRestarts);
    }
    if (delivery == Delivery.EXACTLY_ONCE && limits.maxConcurrency() > 1) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "EXACTLY_ONCE needs maxConcurrency=1: a snapshot is taken between calls");
    }
  }

  public ActorOptions withName(String text) {
    return new ActorOptions(text, resources, where, maxRestarts, delivery, limits, bundle);
  }

  /** As in {@code cpu=1,gpu=0.5}. */
  public ActorOptions withResources(String text) {
    return new ActorOptions(
        name, Resources.parse(text), where, maxRestarts, delivery, limits, bundle);
  }

  /** Pools in the order of preference. */
  public ActorOptions withPools(String... pools) {
    return withWhere(new Where(List.of(pools), where.labels(), where.applicationHash()));
  }

  /** Labels that the pod must have. */
  public ActorOptions withLabels(Map<String, String> labels) {
    return withWhere(new Where(where.pools(), labels, where.applicationHash()));
  }

  public ActorOptions withWhere(Where there) {
    return new ActorOptions(name, resources, there, maxRestarts, delivery, limits, bundle);
  }

  public ActorOptions withMaxRestarts(int most) {
    return new ActorOptions(name, resources, where, most, delivery, limits, bundle);
  }

  public ActorOptions withDelivery(Delivery what) {
    return new ActorOptions(name, resources, where, maxRestarts, what, limits, bundle);
  }

  public ActorOptions withMaxConcurrency(int calls) {
    return new ActorOptions(
        name, resources, where, maxRestarts, delivery, new Limits(calls, limits.mailbox()), bundle);
  }

  public ActorOptions withMailbox(int calls) {
    return new ActorOptions(
        name,
        resources,
        where,
        maxRestarts,
        delivery,
        new Limits(limits.maxConcurrency(), calls),
        bundle);
  }

  /** In this part of a placement group, on the pod where that is. */
  public ActorOptions in(PlacementGroupRef.Part part) {
    return new ActorOptions(name, resources, where, maxRestarts, delivery, limits, part);
  }
}
