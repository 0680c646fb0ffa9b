// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.List;

/** The sources a job may name. */
public final class TextSources {
  private static final List<TextSource> ALL = List.of(new WordNetSource());

  private TextSources() {}

  /**
   * The source a job parameter asks for.
   *
   * @throws PartitaException INVALID_ARGUMENT listing the names there are
   */
  public static TextSource named(String name) {
    return ALL.stream()
        .filter(source -> source.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new PartitaException(
                    ErrorCode.INVALID_ARGUMENT,
                    "source '"
                        + name
                        + "' is unknown; there are: "
                        + String.join(", ", ALL.stream().map(TextSource::name).toList())));
  }
}
