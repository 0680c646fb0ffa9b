// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a WordNet data file (wndb(5WN)): {@code offset lex_filenum … | gloss}. Only the gloss
 * becomes text; lemmas and pointers would give the class away.
 */
final class WordNetLine {
  private static final Pattern HEAD = Pattern.compile("([0-9]{8}) ([0-9]{2}) ");

  private WordNetLine() {}

  /**
   * @param pos the data file's part of speech: noun, verb, adj or adv
   * @return empty for the licence lines, which begin with two spaces
   * @throws PartitaException INVALID_ARGUMENT for anything else that is not a synset
   */
  static Optional<LabelledText> parse(String pos, String line) {
    if (line.startsWith("  ")) {
      return Optional.empty();
    }
    Matcher head = HEAD.matcher(line);
    int bar = line.indexOf('|');
    if (!head.lookingAt() || bar < 0) {
      throw wrong(pos, line, "not 'offset lex_filenum … | gloss'");
    }
    int label = Integer.parseInt(head.group(2));
    if (label >= WordNetClasses.NAMES.size()) {
      throw wrong(pos, line, "no lexicographer file " + label);
    }
    String gloss = line.substring(bar + 1).strip();
    if (gloss.isEmpty()) {
      throw wrong(pos, line, "empty gloss");
    }
    return Optional.of(new LabelledText(pos + ":" + head.group(1), label, gloss));
  }

  private static PartitaException wrong(String pos, String line, String reason) {
    String shown = line.length() <= 60 ? line : line.substring(0, 60) + "…";
    return new PartitaException(
        ErrorCode.INVALID_ARGUMENT, "data." + pos + ": " + reason + ": '" + shown + "'");
  }
}
