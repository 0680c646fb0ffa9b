// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Servers of an earlier demo of this checkout that died without ending them. */
final class LeftoverServers {
  private LeftoverServers() {}

  /**
   * Ends them, so that nothing writes below {@code userDir} any more; returns how many there were.
   */
  static int end(Path userDir) {
    List<ProcessHandle> found =
        ProcessHandle.allProcesses()
            .filter(process -> process.pid() != ProcessHandle.current().pid())
            .filter(process -> servesFrom(process, userDir))
            .toList();
    found.forEach(ProcessHandle::destroyForcibly);
    found.forEach(process -> process.onExit().join());
    return found.size();
  }

  private static boolean servesFrom(ProcessHandle process, Path userDir) {
    Path environment = Path.of("/proc", Long.toString(process.pid()), "environ");
    try {
      String wanted = "WLP_USER_DIR=" + userDir;
      return List.of(Files.readString(environment, StandardCharsets.ISO_8859_1).split("\0"))
          .contains(wanted);
    } catch (IOException e) {
      return false; // somebody else's process, or gone: not ours
    }
  }
}
