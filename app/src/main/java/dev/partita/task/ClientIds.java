// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of things as clients write them. One that cannot be one names nothing: NOT_FOUND. */
final class ClientIds {
  private static final int HEX = 16;
  private static final Pattern OBJECT = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{1,16})");
  private static final Pattern WIDE = Pattern.compile("([0-9a-f]{16})([0-9a-f]{16})");

  private ClientIds() {}

  static RefId object(String id, String what) {
    Matcher parts = parts(OBJECT, id, what);
    return new RefId(half(parts, 1), half(parts, 2));
  }

  static ActorId actor(String id) {
    Matcher parts = parts(WIDE, id, "actor");
    return new ActorId(half(parts, 1), half(parts, 2));
  }

  static GroupId group(String id) {
    Matcher parts = parts(WIDE, id, "placement group");
    return new GroupId(half(parts, 1), half(parts, 2));
  }

  private static Matcher parts(Pattern pattern, String id, String what) {
    Matcher parts = pattern.matcher(id);
    if (!parts.matches()) {
      throw unknown(what, id);
    }
    return parts;
  }

  private static long half(Matcher parts, int group) {
    return Long.parseUnsignedLong(parts.group(group), HEX);
  }

  static PartitaException unknown(String what, String id) {
    String shown = id.length() <= 80 ? id : id.substring(0, 80) + "…";
    return new PartitaException(
        ErrorCode.NOT_FOUND, "there is no " + what + " " + shown + " on this pod (any more)");
  }
}
