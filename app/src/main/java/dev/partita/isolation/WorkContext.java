// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.objectstore.ObjectStore;

/** What work is given beside its call. */
public interface WorkContext {
  /** The pod's arena. Work lets go of what it pins before it returns. */
  ObjectStore store();

  /** Whether nobody waits for the answer any more. */
  boolean cancelled();

  /** Name of the worker, unique among those of this server. */
  String worker();
}
