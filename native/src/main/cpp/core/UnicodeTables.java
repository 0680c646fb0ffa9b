// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Prints unicode_tables.inc from the Unicode data of the Java that runs it:
 *
 * <pre>java UnicodeTables.java &gt; unicode_tables.inc</pre>
 *
 * The checked-in file is that of Java 17 (Unicode 13); another version changes features, and so
 * belongs to a new version of the core.
 */
public class UnicodeTables {
  private static final int FIRST = 0x80;

  public static void main(String[] arguments) {
    System.out.println(
        """
        // SPDX-FileCopyrightText: 2026 The Partita authors
        // SPDX-License-Identifier: Apache-2.0

        // Made by core/UnicodeTables.java from the Unicode data of Java 17 (Unicode 13): do not edit.
        // Only code points from U+0080 on; ASCII has its own path.
        // clang-format off""");
    printRanges("Word", UnicodeTables::isWord);
    printRanges("Ideograph", c -> Character.isIdeographic(c) && isWord(c));
    printLower();
  }

  private static boolean isWord(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK,
              Character.COMBINING_SPACING_MARK,
              Character.ENCLOSING_MARK ->
          true;
      default -> Character.isLetterOrDigit(c);
    };
  }

  private static void printRanges(String name, IntPredicate in) {
    List<int[]> ranges = new ArrayList<>();
    for (int c = FIRST; c <= Character.MAX_CODE_POINT; c++) {
      if (!in.test(c)) {
        continue;
      }
      int[] last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null && last[1] == c - 1) {
        last[1] = c;
      } else {
        ranges.add(new int[] {c, c});
      }
    }
    print("CodeRange k" + name + "Ranges", "k" + name + "RangeCount", ranges, "{0x%X,0x%X},", 8);
  }

  private static void printLower() {
    List<int[]> ranges = new ArrayList<>();
    for (int c = FIRST; c <= Character.MAX_CODE_POINT; c++) {
      int delta = Character.toLowerCase(c) - c;
      if (delta == 0 || !isWord(c)) {
        continue;
      }
      int[] last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null && last[3] == delta && joins(last, c)) {
        last[2] = c - last[1];
        last[1] = c;
      } else {
        ranges.add(new int[] {c, c, 1, delta});
      }
    }
    print("LowerRange kLowerRanges", "kLowerRangeCount", ranges, "{0x%X,0x%X,%d,%d},", 5);
  }

  /** Whether c continues the range's stride (a second member sets it: 1, or 2 as in Latin). */
  private static boolean joins(int[] range, int c) {
    int gap = c - range[1];
    return range[0] == range[1] ? gap <= 2 : gap == range[2];
  }

  private static void print(
      String array, String count, List<int[]> ranges, String format, int perLine) {
    StringBuilder text = new StringBuilder();
    text.append("PTC_TABLE ").append(array).append('[').append(ranges.size()).append("] = {\n");
    for (int i = 0; i < ranges.size(); i++) {
      int[] r = ranges.get(i);
      Object[] values =
          r.length == 2 ? new Object[] {r[0], r[1]} : new Object[] {r[0], r[1], r[2], r[3]};
      text.append(String.format(format, values)).append((i + 1) % perLine == 0 ? "\n" : "");
    }
    text.append("};\nPTC_TABLE int ").append(count).append(" = ").append(ranges.size()).append(';');
    System.out.println(text);
  }
}
