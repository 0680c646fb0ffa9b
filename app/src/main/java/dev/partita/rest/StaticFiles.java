// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The files of the sign-in page and of the web jars beside it: open without sign-in, told apart by
 * their ending, never anything under WEB-INF or META-INF.
 */
final class StaticFiles {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "mjs", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "webmanifest", "application/manifest+json");

  private StaticFiles() {}

  /** The type of the file a path names, null when the path names none of ours. */
  static @Nullable String typeOf(String path) {
    if (path.equals("/")) {
      return TYPES.get("html");
    }
    if (path.contains("..")
        || path.contains("//")
        || path.regionMatches(true, 1, "WEB-INF", 0, 7)
        || path.regionMatches(true, 1, "META-INF", 0, 8)) {
      return null;
    }
    int dot = path.lastIndexOf('.');
    return dot < path.lastIndexOf('/') ? null : TYPES.get(path.substring(dot + 1));
  }

  /** Answers with the file; false, with nothing written, when there is none. */
  static boolean serve(
      ServletContext files,
      String path,
      String type,
      HttpServletRequest in,
      HttpServletResponse out)
      throws IOException {
    byte[] body;
    try (InputStream file = files.getResourceAsStream(path.equals("/") ? "/index.html" : path)) {
      if (file == null) {
        return false;
      }
      body = file.readAllBytes();
    }
    CRC32C checksum = new CRC32C();
    checksum.update(body);
    String tag = "\"" + body.length + "-" + Long.toHexString(checksum.getValue()) + "\"";
    out.setHeader("ETag", tag);
    out.setHeader("Cache-Control", "no-cache");
    if (tag.equals(in.getHeader("If-None-Match"))) {
      out.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return true;
    }
    out.setContentType(type);
    out.setContentLength(body.length);
    if (!in.getMethod().equals("HEAD")) {
      out.getOutputStream().write(body);
    }
    return true;
  }
}
