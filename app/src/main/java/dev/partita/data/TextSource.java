// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Where labelled texts come from. Reading it twice gives the same texts in the same order. */
public interface TextSource {
  /** The word job parameters use, e.g. {@code wordnet31}. */
  String name();

  /** What a person would call each class; the index is the label. All are different. */
  List<String> classNames();

  /** Hands every text to {@code each}, on the calling thread. */
  void read(Consumer<LabelledText> each) throws IOException;
}
