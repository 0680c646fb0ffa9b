// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/**
 * A request whose query holds characters that should have been encoded. Open Liberty's own command
 * {@code batchManager} sends {@code createTime=>3d} as it stands here.
 */
final class LenientQuery extends HttpServletRequestWrapper {
  private static final String TO_ENCODE = " \"<>\\^`{|}";

  private final String query;

  private LenientQuery(HttpServletRequest request, String query) {
    super(request);
    this.query = query;
  }

  /** The request itself, unless its query needs it. */
  static HttpServletRequest of(HttpServletRequest request) {
    String query = request.getQueryString();
    return query == null || query.chars().noneMatch(LenientQuery::toEncode)
        ? request
        : new LenientQuery(request, encoded(query));
  }

  static String encoded(String query) {
    StringBuilder text = new StringBuilder();
    query
        .chars()
        .forEach(
            c -> {
              if (toEncode(c)) {
                text.append('%').append(Integer.toHexString(c));
              } else {
                text.append((char) c);
              }
            });
    return text.toString();
  }

  private static boolean toEncode(int character) {
    return TO_ENCODE.indexOf(character) >= 0;
  }

  @Override
  public String getQueryString() {
    return query;
  }
}
