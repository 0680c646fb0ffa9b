// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import java.util.OptionalDouble;

/**
 * A GPU of this machine as it was a moment ago.
 *
 * @param index as NVML and nvidia-smi count, from 0
 * @param name of the model, for example {@code NVIDIA H100 80GB HBM3}
 * @param uuid stays the same across restarts, for example {@code GPU-1b2c…}
 * @param usedBytes of its memory, by whomever
 * @param utilization share of the last sampling period in which it computed, 0 to 1
 * @param joules energy since the driver was loaded; not every GPU counts it
 */
public record GpuDevice(
    int index,
    String name,
    String uuid,
    long totalBytes,
    long usedBytes,
    double utilization,
    OptionalDouble joules) {}
