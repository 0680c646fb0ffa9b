// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

/**
 * A function with a name. Implementations are found by {@link java.util.ServiceLoader}, in the
 * server and in its children alike, and each worker has instances of its own: they may keep state,
 * and none of it is shared with another worker. Nothing is injected.
 */
public interface Work {
  /** What calls name it by; at most {@value Call#MAX_NAME} characters. */
  String name();

  /**
   * Does it once, in a thread of the worker. Interrupted when the call is cancelled.
   *
   * @throws Exception becomes the caller's {@link RemoteFailure}, with its stack; a {@link
   *     dev.partita.error.PartitaException} keeps its code. An {@link OutOfMemoryError} ends a
   *     child.
   */
  Answer run(Call call, WorkContext context) throws Exception;
}
