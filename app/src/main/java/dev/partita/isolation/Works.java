// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The work that one worker knows, by name. */
final class Works {
  private final Map<String, Work> byName = new TreeMap<>();

  /** New instances of all that {@code loader} finds. */
  static Works load(ClassLoader loader) {
    Works works = new Works();
    for (Work work : ServiceLoader.load(Work.class, loader)) {
      Work other = works.byName.putIfAbsent(work.name(), work);
      if (other != null) {
        throw new PartitaException(
            ErrorCode.CONFLICT,
            "two classes are work '"
                + work.name()
                + "': "
                + other.getClass().getName()
                + " and "
                + work.getClass().getName());
      }
    }
    return works;
  }

  Work named(String name) {
    Work work = byName.get(name);
    if (work == null) {
      throw new PartitaException(
          ErrorCode.NOT_FOUND, "there is no work '" + name + "'; there is " + byName.keySet());
    }
    return work;
  }
}
