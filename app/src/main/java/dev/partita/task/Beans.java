// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

/** Where the beans come from whose methods are called. */
interface Beans {
  /** Lends a bean; the caller gives it back by closing. */
  Lent lend(Class<?> type);

  /** A bean for a while. */
  interface Lent extends AutoCloseable {
    Object bean();

    @Override
    void close();
  }
}
