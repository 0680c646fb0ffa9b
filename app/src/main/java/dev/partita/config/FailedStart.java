// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

/** The end of a server whose configuration cannot be used. */
public final class FailedStart {
  /** The process's exit status: EX_CONFIG of sysexits.h. */
  private static final int STATUS = 78;

  private FailedStart() {}

  /** Ends the process soon, in an orderly way; returns at once. What is wrong was logged before. */
  public static void endServer() {
    // On a thread of its own: the server waits for this one, which starts the application.
    Thread end = new Thread(() -> System.exit(STATUS), "partita-failed-start");
    end.setDaemon(true);
    end.start();
  }
}
