// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

/**
 * An actor that is told something when it begins, and again when it is restarted.
 *
 * @param <A> a type that goes over the wire, see {@link Cluster}
 */
public interface Starting<A> {
  /**
   * Called before everything else.
   *
   * @throws Exception and there is no such actor: its calls fail with that
   */
  void start(A argument) throws Exception;
}
