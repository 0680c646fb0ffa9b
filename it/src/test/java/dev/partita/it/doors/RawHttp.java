// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request a connection, byte by byte as the test wants it: also what clients refuse to send.
 */
final class RawHttp {
  private static final int TIMEOUT_MILLIS = 60_000;

  private RawHttp() {}

  /** What came back; the body may be cut. */
  record Reply(int status, String text) {}

  static Reply send(
      int port, String method, String path, Map<String, String> headers, byte[] body) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return send(socket, method, path, headers, body);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path + " was not answered", e);
    }
  }

  /** On a connection of the caller's, who closes it. */
  static Reply send(
      Socket socket, String method, String path, Map<String, String> headers, byte[] body)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putIfAbsent("Host", "127.0.0.1:" + socket.getPort());
    all.putIfAbsent("Connection", "close");
    all.putIfAbsent("Content-Length", Integer.toString(body.length));
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    all.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    socket.setSoTimeout(TIMEOUT_MILLIS);
    OutputStream out = socket.getOutputStream();
    out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    out.write(body);
    out.flush();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] buffer = new byte[8_192];
    int read = socket.getInputStream().read(buffer);
    while (read > 0 && answer.size() < 65_536) {
      answer.write(buffer, 0, read);
      read = socket.getInputStream().read(buffer);
    }
    String text = answer.toString(UTF_8);
    String[] words = text.split(" ", 3);
    return new Reply(words.length > 1 ? Integer.parseInt(words[1]) : 0, text);
  }
}
