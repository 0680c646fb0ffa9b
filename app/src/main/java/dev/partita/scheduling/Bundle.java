// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.List;

/**
 * Resources that are given together on one node: what one partition, task or actor needs.
 *
 * @param resources parts of a GPU are parts of one device, so above one only whole GPUs pass
 * @param near nodes that hold its data, best first; taken when there is room, never waited for
 */
public record Bundle(Resources resources, List<NodeId> near) {
  public Bundle {
    near = List.copyOf(near);
    if (resources.gpuMilli() > Resources.MILLI && resources.gpuMilli() % Resources.MILLI != 0) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "gpu="
              + ResourceText.number(resources.gpuMilli())
              + " is not possible: ask for a part of one GPU (gpu=0.5) or for whole ones (gpu=2)");
    }
  }

  public Bundle(Resources resources) {
    this(resources, List.of());
  }
}
