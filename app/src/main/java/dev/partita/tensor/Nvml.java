// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.bytedeco.cuda.global.nvml;
import org.bytedeco.cuda.nvml.nvmlDevice_st;
import org.bytedeco.cuda.nvml.nvmlMemory_t;
import org.bytedeco.cuda.nvml.nvmlUtilization_t;
import org.bytedeco.javacpp.Loader;

/**
 * NVIDIA's management library; part of the driver, thread-safe. Loading this class needs the CUDA
 * preset.
 */
final class Nvml {
  private static final int NAME_BYTES = 96;

  private Nvml() {}

  /** Opens the library for the life of the process; empty, or why that did not go. */
  static String open() {
    Loader.load(nvml.class);
    int status = nvml.nvmlInit_v2();
    return status == nvml.NVML_SUCCESS ? "" : nvml.nvmlErrorString(status).getString();
  }

  static List<GpuDevice> devices() {
    int[] count = new int[1];
    List<GpuDevice> devices = new ArrayList<>();
    if (nvml.nvmlDeviceGetCount_v2(count) == nvml.NVML_SUCCESS) {
      for (int i = 0; i < count[0]; i++) {
        device(i).ifPresent(devices::add);
      }
    }
    return List.copyOf(devices);
  }

  private static Optional<GpuDevice> device(int index) {
    byte[] name = new byte[NAME_BYTES];
    byte[] uuid = new byte[NAME_BYTES];
    try (nvmlDevice_st handle = new nvmlDevice_st();
        nvmlMemory_t memory = new nvmlMemory_t();
        nvmlUtilization_t utilization = new nvmlUtilization_t()) {
      if (nvml.nvmlDeviceGetHandleByIndex_v2(index, handle) != nvml.NVML_SUCCESS
          || nvml.nvmlDeviceGetName(handle, name, NAME_BYTES) != nvml.NVML_SUCCESS
          || nvml.nvmlDeviceGetUUID(handle, uuid, NAME_BYTES) != nvml.NVML_SUCCESS
          || nvml.nvmlDeviceGetMemoryInfo(handle, memory) != nvml.NVML_SUCCESS) {
        return Optional.empty();
      }
      // Not told of a GPU that is cut into instances.
      boolean told = nvml.nvmlDeviceGetUtilizationRates(handle, utilization) == nvml.NVML_SUCCESS;
      long[] millijoules = new long[1];
      boolean counted =
          nvml.nvmlDeviceGetTotalEnergyConsumption(handle, millijoules) == nvml.NVML_SUCCESS;
      return Optional.of(
          new GpuDevice(
              index,
              text(name),
              text(uuid),
              memory.total(),
              memory.used(),
              told ? utilization.gpu() / 100.0 : 0,
              counted ? OptionalDouble.of(millijoules[0] / 1e3) : OptionalDouble.empty()));
    }
  }

  private static String text(byte[] zeroTerminated) {
    String all = new String(zeroTerminated, UTF_8);
    int end = all.indexOf('\0');
    return end < 0 ? all : all.substring(0, end);
  }
}
