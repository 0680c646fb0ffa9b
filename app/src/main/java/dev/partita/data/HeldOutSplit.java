// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Keeps a tenth of the texts from training: those whose id has a CRC32 divisible by ten. Texts that
 * are equal after lower-casing all go where the first of them goes, so that nothing is learnt by
 * heart.
 *
 * @param heldOut bit i is set when text i is held out
 * @param equalTexts texts that another one equals
 * @param movedTexts those of them that their own id had put on the other side
 */
record HeldOutSplit(BitSet heldOut, int equalTexts, int movedTexts) {

  static HeldOutSplit of(List<LabelledText> texts) {
    BitSet heldOut = new BitSet(texts.size());
    BitSet equal = new BitSet(texts.size());
    Map<String, Integer> firstOfItsKind = new HashMap<>(texts.size() * 2);
    int moved = 0;
    for (int i = 0; i < texts.size(); i++) {
      boolean own = isHeldOut(texts.get(i).id());
      Integer first = firstOfItsKind.putIfAbsent(texts.get(i).text().toLowerCase(Locale.ROOT), i);
      if (first == null) {
        heldOut.set(i, own);
      } else {
        equal.set(first);
        equal.set(i);
        heldOut.set(i, heldOut.get(first));
        moved += heldOut.get(first) == own ? 0 : 1;
      }
    }
    return new HeldOutSplit(heldOut, equal.cardinality(), moved);
  }

  static boolean isHeldOut(String id) {
    CRC32 crc = new CRC32();
    crc.update(id.getBytes(StandardCharsets.US_ASCII));
    return crc.getValue() % 10 == 0;
  }
}
