// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import java.util.List;

/**
 * The GPUs of this machine, by NVML through the JavaCPP CUDA preset. Without the preset's jars,
 * without CUDA's runtime library (libcudart.so.13, which the preset loads first) or without a
 * driver there are none, which is no error.
 */
public final class GpuDevices {
  private GpuDevices() {}

  /** Looked for once: drivers do not come while a process runs. */
  private static final class Driver {
    static final String ABSENCE = look();

    private static String look() {
      try {
        return Nvml.open();
      } catch (LinkageError | RuntimeException e) {
        String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return e.getClass().getSimpleName() + ": " + why;
      }
    }
  }

  /** All devices, in their order; a device that no longer answers is left out. */
  public static List<GpuDevice> list() {
    return Driver.ABSENCE.isEmpty() ? Nvml.devices() : List.of();
  }

  /** Why there are no devices, for a person who expected some; empty if NVML is there. */
  public static String absence() {
    return Driver.ABSENCE;
  }
}
