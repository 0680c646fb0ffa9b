// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A second copy of the tensors of a run: taken while the training stands still, written while it
 * goes on. Made once per run; its pages are touched when it is made, because fresh pages cost more
 * than the copy.
 */
final class Snapshot {
  private final List<CheckpointFile> live;
  private final List<CheckpointFile> copy;

  Snapshot(List<CheckpointFile> live) {
    this.live = live;
    List<CheckpointFile> files = new ArrayList<>();
    for (CheckpointFile file : live) {
      List<TensorBytes> tensors = new ArrayList<>();
      for (TensorBytes tensor : file.tensors()) {
        ByteBuffer own = ByteBuffer.allocateDirect(tensor.bytes().remaining());
        tensors.add(new TensorBytes(tensor.name(), tensor.type(), tensor.shape(), own));
      }
      files.add(new CheckpointFile(file.name(), file.metadata(), tensors));
    }
    this.copy = List.copyOf(files);
  }

  /** Copies the live tensors; nobody may change them meanwhile. */
  void take() {
    for (int file = 0; file < live.size(); file++) {
      List<TensorBytes> from = live.get(file).tensors();
      List<TensorBytes> to = copy.get(file).tensors();
      for (int tensor = 0; tensor < from.size(); tensor++) {
        to.get(tensor).bytes().duplicate().put(from.get(tensor).bytes().duplicate());
      }
    }
  }

  List<CheckpointFile> files() {
    return copy;
  }
}
