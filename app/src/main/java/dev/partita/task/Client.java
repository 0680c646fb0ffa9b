// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Who asks from outside of Java, and how far that reaches: to what was made in its name, and
 * perhaps beyond.
 *
 * @param name of the caller; what the pod's own programs made has none
 */
public record Client(String name, boolean readsAll, boolean changesAll) {
  private static final Logger LOG = Logger.getLogger(Client.class.getName());

  boolean sees(String owner) {
    return readsAll || changesAll || name.equals(owner);
  }

  /**
   * Goes on if it may see that.
   *
   * @throws PartitaException FORBIDDEN
   */
  void mustSee(String owner, String what) {
    if (!sees(owner)) {
      throw refused(what);
    }
  }

  /**
   * Goes on if it may change that.
   *
   * @throws PartitaException FORBIDDEN
   */
  void mustSteer(String owner, String what) {
    if (!changesAll && !name.equals(owner)) {
      throw refused(what);
    }
  }

  private PartitaException refused(String what) {
    LOG.log(Level.WARNING, () -> "caller '" + name + "' was refused: " + what + " is another's");
    return new PartitaException(ErrorCode.FORBIDDEN, what + " belongs to another caller");
  }
}
