// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is. Of each tenant it counts the dominant share (Ghodsi et al., Dominant Resource
 * Fairness, NSDI 2011) over time and by weight, as a virtual time that a newcomer enters at the
 * smallest of those that wait (Goyal, Vin, Cheng, Start-time Fair Queueing, SIGCOMM 1996). Next is
 * who will have had least after one look-ahead, if what it runs now goes on: so an empty cluster is
 * divided at once, and one with room for a single partition by taking turns.
 */
final class FairShare {
  private final Map<String, TenantQueue> tenants = new TreeMap<>();
  private final NodeTable nodes;
  private final double lookAheadSeconds;
  private @Nullable Instant last;
  private long served;

  FairShare(NodeTable nodes, Duration lookAhead) {
    this.nodes = nodes;
    this.lookAheadSeconds = lookAhead.toMillis() / 1e3;
  }

  Collection<TenantQueue> tenants() {
    return tenants.values();
  }

  /** Enters a tenant that is about to wait for something. */
  TenantQueue enter(Share share) {
    TenantQueue tenant = tenants.computeIfAbsent(share.tenant(), TenantQueue::new);
    tenant.weight = share.weight();
    if (!tenant.isWaiting()) {
      tenants.values().stream()
          .filter(other -> other.isWaiting())
          .mapToDouble(other -> other.virtualTime)
          .min()
          .ifPresent(least -> tenant.virtualTime = Math.max(tenant.virtualTime, least));
    }
    return tenant;
  }

  /**
   * Counts what was held since the round before. A clock that jumps back counts nothing; how far
   * one may fall behind, because nothing it waits for fits, is bounded.
   */
  void advance(Instant now) {
    double seconds = last == null ? 0 : Duration.between(last, now).toMillis() / 1e3;
    last = now;
    if (seconds > 0) {
      tenants.values().forEach(t -> t.virtualTime += t.shareHeld * seconds / t.weight);
    }
    double most = Double.NEGATIVE_INFINITY;
    double lightest = Double.MAX_VALUE;
    for (TenantQueue tenant : tenants.values()) {
      if (tenant.isWaiting()) {
        most = Math.max(most, tenant.virtualTime);
        lightest = Math.min(lightest, tenant.weight);
      }
    }
    double least = most - 2 * lookAheadSeconds / lightest;
    tenants.values().forEach(t -> t.virtualTime = Math.max(t.virtualTime, least));
  }

  /** Who is next of those with something left to try in this round; null: nobody. */
  @Nullable TenantQueue next(long round) {
    TenantQueue next = null;
    double least = 0;
    for (TenantQueue tenant : tenants.values()) {
      if (tenant.isWaiting() && tenant.head(round) != null) {
        double had = standing(tenant);
        if (next == null || had < least || (had == least && tenant.servedAt < next.servedAt)) {
          next = tenant;
          least = had;
        }
      }
    }
    return next;
  }

  /** After the last decision of a round: what is held now is held until the next. */
  void hold() {
    tenants.values().forEach(tenant -> tenant.shareHeld = tenant.dominantShare(nodes));
  }

  void served(TenantQueue tenant) {
    tenant.servedAt = ++served;
  }

  /** Virtual seconds after one look-ahead. */
  double standing(TenantQueue tenant) {
    return tenant.virtualTime + tenant.dominantShare(nodes) * lookAheadSeconds / tenant.weight;
  }

  TenantQueue of(Share share) {
    return tenants.computeIfAbsent(share.tenant(), TenantQueue::new);
  }
}
