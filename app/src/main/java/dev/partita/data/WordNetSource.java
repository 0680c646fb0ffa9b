// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** The 117,791 glosses of WordNet 3.1, read from the data jar on the class path. */
public final class WordNetSource implements TextSource {
  private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/data.";
  private static final List<String> PARTS_OF_SPEECH = List.of("noun", "verb", "adj", "adv");

  @Override
  public String name() {
    return "wordnet31";
  }

  @Override
  public List<String> classNames() {
    return WordNetClasses.NAMES;
  }

  @Override
  public void read(Consumer<LabelledText> each) throws IOException {
    for (String pos : PARTS_OF_SPEECH) {
      try (BufferedReader lines = open(pos)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          WordNetLine.parse(pos, line).ifPresent(each);
        }
      }
    }
  }

  private static BufferedReader open(String pos) {
    InputStream file = WordNetSource.class.getResourceAsStream(FOLDER + pos);
    if (file == null) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE, "WordNet's data jar is not on the class path: no data." + pos);
    }
    return new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
  }
}
