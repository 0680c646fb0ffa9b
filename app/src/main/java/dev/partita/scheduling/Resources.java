// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An amount of resources, never negative. Exact: processors, GPUs and custom resources are counted
 * in thousandths, memory in bytes.
 *
 * @param customMilli by name, such as {@code licence}; without those of which there is nothing
 */
public record Resources(
    long cpuMilli, long gpuMilli, long memoryBytes, SortedMap<String, Long> customMilli) {
  public static final long MILLI = 1000;
  public static final Resources ZERO = new Resources(0, 0, 0, Collections.emptySortedMap());

  public Resources {
    SortedMap<String, Long> custom = new TreeMap<>(customMilli);
    custom.values().removeIf(amount -> amount == 0);
    customMilli = Collections.unmodifiableSortedMap(custom);
    if (cpuMilli < 0
        || gpuMilli < 0
        || memoryBytes < 0
        || custom.values().stream().anyMatch(amount -> amount < 0)) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "Resources are never negative: cpu "
              + cpuMilli
              + "m, gpu "
              + gpuMilli
              + "m, memory "
              + memoryBytes
              + " bytes, "
              + custom);
    }
  }

  /** Whole processors and GPUs. */
  public static Resources of(int cpus, int gpus, long memoryBytes) {
    return new Resources(cpus * MILLI, gpus * MILLI, memoryBytes, Collections.emptySortedMap());
  }

  /**
   * Reads {@code cpu=2,gpu=0.5,memory=4GiB,licence=1}: numbers of at most three decimals, memory in
   * B, KiB, MiB, GiB, TiB or kB, MB, GB, TB (bytes without a unit). Whatever is not named is 0.
   *
   * @throws PartitaException INVALID_ARGUMENT naming the wrong part
   */
  public static Resources parse(String text) {
    return ResourceText.parse(text);
  }

  public Resources plus(Resources other) {
    SortedMap<String, Long> custom = new TreeMap<>(customMilli);
    other.customMilli.forEach((name, amount) -> custom.merge(name, amount, Math::addExact));
    return new Resources(
        Math.addExact(cpuMilli, other.cpuMilli),
        Math.addExact(gpuMilli, other.gpuMilli),
        Math.addExact(memoryBytes, other.memoryBytes),
        custom);
  }

  /**
   * What is left.
   *
   * @throws PartitaException INVALID_ARGUMENT if there is less than that
   */
  public Resources minus(Resources other) {
    SortedMap<String, Long> custom = new TreeMap<>(customMilli);
    other.customMilli.forEach((name, amount) -> custom.merge(name, -amount, Math::addExact));
    return new Resources(
        cpuMilli - other.cpuMilli,
        gpuMilli - other.gpuMilli,
        memoryBytes - other.memoryBytes,
        custom);
  }

  /** Whether there is no more of anything than in {@code room}. */
  public boolean fitsIn(Resources room) {
    return cpuMilli <= room.cpuMilli
        && gpuMilli <= room.gpuMilli
        && memoryBytes <= room.memoryBytes
        && customFitsIn(room.customMilli);
  }

  private boolean customFitsIn(Map<String, Long> room) {
    for (Map.Entry<String, Long> asked : customMilli.entrySet()) {
      if (asked.getValue() > room.getOrDefault(asked.getKey(), 0L)) {
        return false;
      }
    }
    return true;
  }

  public boolean isZero() {
    return equals(ZERO);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return ResourceText.format(this);
  }
}
