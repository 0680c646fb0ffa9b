// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to search job instances for; everything given must hold.
 *
 * @param ids any of these ranges; empty means all
 * @param created half-open; null means any
 * @param updated half-open, of the newest execution; null means any
 * @param states any of these; empty means all
 * @param sort applied in this order; empty means newest first
 * @param offset of the first hit to return
 * @param limit of hits to return, from 1 to 10,000
 */
public record InstanceQuery(
    List<IdRange> ids,
    @Nullable TimeRange created,
    @Nullable TimeRange updated,
    Set<InstanceState> states,
    Text text,
    List<Sort> sort,
    int offset,
    int limit) {

  /** Newest first, all instances. */
  public static InstanceQuery page(int offset, int limit) {
    return new InstanceQuery(List.of(), null, null, Set.of(), Text.ANY, List.of(), offset, limit);
  }

  /** Both ends inclusive. */
  public record IdRange(long first, long last) {}

  /** From inclusive to exclusive. */
  public record TimeRange(Instant from, Instant to) {}

  /**
   * Text to match; null means any, {@code *} stands for any characters.
   *
   * @param parameters job parameters of the newest execution
   */
  public record Text(
      @Nullable String submitter,
      @Nullable String applicationName,
      @Nullable String jobName,
      @Nullable String exitStatus,
      Map<String, String> parameters,
      boolean ignoreCase) {
    public static final Text ANY = new Text(null, null, null, null, Map.of(), false);
  }

  /** One key to sort by. */
  public record Sort(Field field, boolean descending) {}

  /** What can be sorted by. */
  public enum Field {
    INSTANCE_ID,
    CREATE_TIME,
    LAST_UPDATED_TIME,
    INSTANCE_STATE,
    EXIT_STATUS,
    SUBMITTER,
    APPLICATION_NAME,
    JOB_NAME
  }
}
