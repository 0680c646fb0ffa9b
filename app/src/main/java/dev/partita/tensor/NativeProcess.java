// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;

/** What a child JVM does to itself first. */
public final class NativeProcess {
  private NativeProcess() {}

  /**
   * The pipes that the parent made as standard input and output.
   *
   * @param input path to open it by
   * @param output path to open it by
   */
  public record Channel(String input, String output) {}

  /**
   * Moves standard input and output away from everybody who prints: output becomes what standard
   * error is, input is empty. Once in a process.
   */
  public static Channel takeChannel() {
    NativeCore.load();
    int[] in = new int[1];
    int[] out = new int[1];
    CoreStatus.check(PartitaCore.ptc_process_take_channel(in, out));
    return new Channel("/proc/self/fd/" + in[0], "/proc/self/fd/" + out[0]);
  }

  /**
   * The kernel kills this process when the thread that started it ends, and before others when
   * memory is short. Ends here if the parent is dead already.
   */
  public static void dieWithParent(long parentPid) {
    NativeCore.load();
    CoreStatus.check(PartitaCore.ptc_process_die_with_parent(Math.toIntExact(parentPid)));
  }

  /** Private memory above this is refused: heap and stacks are in it, the arena is not. */
  public static void limitPrivateBytes(long bytes) {
    NativeCore.load();
    CoreStatus.check(PartitaCore.ptc_process_limit_private(bytes));
  }
}
