// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.List;

/**
 * An object that this pod owns, as people see it.
 *
 * @param state PENDING, AVAILABLE, FAILED
 * @param owner the caller it was made for; empty: a program of the pod's
 * @param bytes 0 while it is not there, and for small values that were never written
 * @param maker name of the task or call that makes it; empty: it was put
 */
public record ObjectInfo(
    String id, String state, String owner, long bytes, String maker, Held held) {

  /**
   * Who has it.
   *
   * @param pod the life of the pod that keeps the bytes; empty: the owner, beside its records
   * @param references in this process, calls under way included
   * @param borrowers lives of other pods that refer to it
   */
  public record Held(String pod, int references, List<String> borrowers) {}
}
