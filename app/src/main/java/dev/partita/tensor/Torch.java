// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch, loaded at the first call that needs it: 150 MB resident and seconds that a server
 * without work shall not pay. One thread per call: ranks are the parallelism, and sums keep one
 * order.
 */
final class Torch {
  private Torch() {}

  private static final class Library {
    static final String FAILURE = tryToLoad();

    private static String tryToLoad() {
      try {
        NativeCore.load();
        Loader.load(torch.class);
        torch.set_num_threads(1);
        return "";
      } catch (LinkageError | RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
      }
    }
  }

  /** Tensor options, made once. */
  private static final class Types {
    static final TensorOptions FLOAT32 = new TensorOptions(torch.ScalarType.Float);
    static final TensorOptions INT32 = new TensorOptions(torch.ScalarType.Int);
    static final TensorOptions INT64 = new TensorOptions(torch.ScalarType.Long);
  }

  static void load() {
    if (!Library.FAILURE.isEmpty()) {
      throw new PartitaException(
          ErrorCode.NATIVE_FAILURE, "libtorch could not be loaded: " + Library.FAILURE);
    }
  }

  /** A float32 tensor that views {@code memory}; it must not outlive it. */
  static Tensor float32(Pointer memory, long... shape) {
    return torch.from_blob(memory, shape, Types.FLOAT32);
  }

  /** An int32 tensor that views {@code memory}. */
  static Tensor int32(Pointer memory, long... shape) {
    return torch.from_blob(memory, shape, Types.INT32);
  }

  /** An int64 tensor that views {@code memory}. */
  static Tensor int64(Pointer memory, long... shape) {
    return torch.from_blob(memory, shape, Types.INT64);
  }

  /** A float32 scalar. */
  static Tensor scalar(float value) {
    return torch.scalar_tensor(new Scalar(value), Types.FLOAT32);
  }
}
