// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.PartitaException;

/**
 * Why a task or a call failed, as it arrives where the result was waited for: the code that it
 * gave, or WORK_FAILED, and the stack of the place where it ran.
 */
public final class TaskFailure extends PartitaException {
  private static final long serialVersionUID = 1L;

  private final String remoteStack;

  TaskFailure(Frame.Failure failure) {
    super(failure.code(), failure.message(), new RemoteStack(failure.stack()));
    this.remoteStack = failure.stack();
  }

  /** As {@link Throwable#printStackTrace()} printed it there, causes included; may be empty. */
  public String remoteStack() {
    return remoteStack;
  }

  /** Prints the remote stack and none of its own. */
  private static final class RemoteStack extends Exception {
    private static final long serialVersionUID = 1L;

    RemoteStack(String stack) {
      super(stack, null, false, false);
    }
  }
}
