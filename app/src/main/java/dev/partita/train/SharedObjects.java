// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** One object per type for all ranks of a gang; closed in the reverse order of their making. */
final class SharedObjects implements AutoCloseable {
  private final Map<Class<?>, AutoCloseable> objects = new LinkedHashMap<>();

  synchronized <T extends AutoCloseable> T get(Class<T> type, Callable<? extends T> make)
      throws Exception {
    AutoCloseable object = objects.get(type);
    if (object == null) {
      object = make.call();
      objects.put(type, object);
    }
    return type.cast(object);
  }

  /** Closes all, also when some fail; those failures come as one. */
  @Override
  public synchronized void close() {
    AutoCloseable[] all = objects.values().toArray(AutoCloseable[]::new);
    objects.clear();
    List<Exception> failures = new ArrayList<>();
    for (int i = all.length - 1; i >= 0; i--) {
      try {
        all[i].close();
      } catch (Exception e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw new PartitaException(
          ErrorCode.INTERNAL, "closing shared objects failed: " + failures, failures.get(0));
    }
  }
}
