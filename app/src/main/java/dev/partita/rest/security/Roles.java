// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.security;

import java.util.Set;

/** The roles of the IBM batch REST contract; the constants serve annotations. */
public final class Roles {
  /** Submits jobs; sees and steers its own only. */
  public static final String SUBMITTER = "batchSubmitter";

  /** Reads every job, changes none. */
  public static final String MONITOR = "batchMonitor";

  /** Reads and changes every job. */
  public static final String ADMIN = "batchAdmin";

  public static final Set<String> ALL = Set.of(SUBMITTER, MONITOR, ADMIN);

  private Roles() {}
}
