// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;

/**
 * What work threw, as it arrives at the caller: the code that it gave, or WORK_FAILED, and the
 * stack of the place where it ran.
 */
public final class RemoteFailure extends PartitaException {
  private static final long serialVersionUID = 1L;

  private final String remoteStack;

  RemoteFailure(ErrorCode code, String message, String remoteStack) {
    super(code, message, new Remote(remoteStack));
    this.remoteStack = remoteStack;
  }

  /** As {@link Throwable#printStackTrace()} printed it there, causes included. */
  public String remoteStack() {
    return remoteStack;
  }

  /** Prints the remote stack and none of its own. */
  private static final class Remote extends Exception {
    private static final long serialVersionUID = 1L;

    Remote(String stack) {
      super(stack, null, false, false);
    }
  }
}
