// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;

/** What lies between the matrix products of a model, element by element; any type but int8. */
public final class Activations {
  private Activations() {}

  /** Which GELU (Hendrycks, Gimpel 2016). */
  public enum Gelu {
    /** {@code x * P(X <= x)}. */
    ERF(PartitaCore.PTC_GELU_ERF),
    /** Its approximation by a hyperbolic tangent, as in GPT-2. */
    TANH(PartitaCore.PTC_GELU_TANH);

    private final int code;

    Gelu(int code) {
      this.code = code;
    }
  }

  /** y may be x. */
  public static void gelu(KernelThreads threads, Gelu kind, NativeArray x, NativeArray y) {
    y.require(x.type(), x.count());
    CoreStatus.check(
        PartitaCore.ptc_gelu(
            threads.pool(), x.type().code(), kind.code, x.pointer(), x.count(), y.pointer()));
  }

  /** dX may be dY. */
  public static void geluBackward(
      KernelThreads threads, Gelu kind, NativeArray dY, NativeArray x, NativeArray dX) {
    dY.require(x.type(), x.count());
    dX.require(x.type(), x.count());
    CoreStatus.check(
        PartitaCore.ptc_gelu_backward(
            threads.pool(),
            x.type().code(),
            kind.code,
            dY.pointer(),
            x.pointer(),
            x.count(),
            dX.pointer()));
  }

  /** {@code y = gate * sigmoid(gate) * up} (Shazeer 2020); y may be gate or up. */
  public static void swiglu(
      KernelThreads threads, NativeArray gate, NativeArray up, NativeArray y) {
    up.require(gate.type(), gate.count());
    y.require(gate.type(), gate.count());
    CoreStatus.check(
        PartitaCore.ptc_swiglu(
            threads.pool(),
            gate.type().code(),
            gate.pointer(),
            up.pointer(),
            gate.count(),
            y.pointer()));
  }

  /** dGate and dUp may be gate, up or dY, but not the same. */
  public static void swigluBackward(
      KernelThreads threads,
      NativeArray dY,
      NativeArray gate,
      NativeArray up,
      NativeArray dGate,
      NativeArray dUp) {
    for (NativeArray other : new NativeArray[] {dY, up, dGate, dUp}) {
      other.require(gate.type(), gate.count());
    }
    CoreStatus.check(
        PartitaCore.ptc_swiglu_backward(
            threads.pool(),
            gate.type().code(),
            dY.pointer(),
            gate.pointer(),
            up.pointer(),
            gate.count(),
            dGate.pointer(),
            dUp.pointer()));
  }

  /**
   * {@code y = x / (1 - probability)}, or 0 with that probability, from 0 to below 1; y may be x.
   * The gradient is the same call on the gradient. Bits depend on seed, offset and position only:
   * take another offset for each layer and iteration.
   */
  public static void dropout(
      KernelThreads threads,
      NativeArray x,
      float probability,
      long seed,
      long offset,
      NativeArray y) {
    y.require(x.type(), x.count());
    CoreStatus.check(
        PartitaCore.ptc_dropout(
            threads.pool(),
            x.type().code(),
            x.pointer(),
            x.count(),
            probability,
            seed,
            offset,
            y.pointer()));
  }
}
