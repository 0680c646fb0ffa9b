// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.Collection;

/** What somebody who wrote a name wrong may have meant. */
final class NearestName {
  /** More edits make another name, not a slip. */
  private static final int MAX_EDITS = 2;

  private static final int MAX_LENGTH = 80;

  private NearestName() {}

  /** {@code ; did you mean "…"?}, or nothing when no name is near. */
  static String hint(String wrong, Collection<String> names) {
    String nearest = "";
    int fewest = MAX_EDITS + 1;
    for (String name : names) {
      if (Math.abs(name.length() - wrong.length()) < fewest && wrong.length() <= MAX_LENGTH) {
        int edits = edits(wrong, name);
        if (edits < fewest && edits < name.length()) {
          fewest = edits;
          nearest = name;
        }
      }
    }
    return nearest.isEmpty() ? "" : "; did you mean \"" + nearest + "\"?";
  }

  /** Levenshtein distance, row by row; upper and lower case are the same. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        boolean same =
            Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
        int kept = same ? diagonal : diagonal + 1;
        diagonal = row[j];
        row[j] = Math.min(kept, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[row.length - 1];
  }
}
