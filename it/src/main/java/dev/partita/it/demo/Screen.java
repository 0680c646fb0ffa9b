// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a person sees: lines that stay, and under them, in a terminal, lines that are drawn anew in
 * place. Safe for any thread.
 */
final class Screen {
  private static final String UP_AND_CLEAR = "\u001b[1A\u001b[2K";

  /** Cuts a line at the right edge: one that went on below could not be drawn anew in place. */
  private static final String NO_WRAP = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
  private final boolean terminal = isTerminal();
  private int drawn;
  private boolean ended;

  /** Whether a person sits in front of it. */
  boolean terminal() {
    return terminal;
  }

  /** Prints a line that stays. */
  synchronized void say(String line) {
    if (ended) {
      return;
    }
    erase();
    out.println(line);
    out.flush();
  }

  synchronized void say(String format, Object... values) {
    say(String.format(java.util.Locale.ROOT, format, values));
  }

  /** Shows these lines instead of those shown before; without a terminal they just follow. */
  synchronized void draw(List<String> lines) {
    if (ended) {
      return;
    }
    erase();
    out.print(terminal ? NO_WRAP : "");
    lines.forEach(out::println);
    out.print(terminal ? WRAP : "");
    out.flush();
    drawn = terminal ? lines.size() : 0;
  }

  /** Leaves the lines drawn last where they are. */
  synchronized void keep() {
    drawn = 0;
  }

  /** The last line there is: whatever comes later, from any thread, is not shown. */
  synchronized void end(String lastLine) {
    keep();
    out.println(terminal ? "\r" + lastLine : lastLine);
    out.flush();
    ended = true;
  }

  private void erase() {
    out.print(UP_AND_CLEAR.repeat(drawn));
    drawn = 0;
  }

  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false; // no /proc: then nobody can be asked, and plain lines are always right
    }
  }
}
