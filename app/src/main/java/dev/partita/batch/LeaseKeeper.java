// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Renews the leases this pod holds; a partition without transactions would lose its lease else. */
final class LeaseKeeper {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");

  private final LeaseRepository leases;
  private final Set<PartitionClaim> held = ConcurrentHashMap.newKeySet();
  private final Set<PartitionClaim> lost = ConcurrentHashMap.newKeySet();

  LeaseKeeper(LeaseRepository leases) {
    this.leases = leases;
  }

  void keep(PartitionClaim claim) {
    held.add(claim);
  }

  void drop(PartitionClaim claim) {
    held.remove(claim);
    lost.remove(claim);
  }

  int count() {
    return held.size();
  }

  /** One round; to be called a few times per lease. */
  void renew() {
    List<PartitionClaim> claims = List.copyOf(held);
    if (claims.isEmpty()) {
      return;
    }
    try {
      for (PartitionClaim claim : leases.renew(claims)) {
        if (held.contains(claim) && lost.add(claim)) {
          LOG.log(Level.WARNING, "{0} was taken over; it can commit nothing any more", claim);
        }
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Leases are not renewed now: {0}", e.getMessage());
    }
  }
}
