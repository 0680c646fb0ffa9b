// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Debian's load generator: closed loop, one thread, any number of connections, as the peers use it.
 *
 * @param headers sent with each request
 */
record Wrk(URI target, Map<String, String> headers, String body) {
  private static final Pattern RESULT =
      Pattern.compile("RESULT (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)");

  /**
   * What one run found.
   *
   * @param requestsPerSecond answered
   * @param p50Millis of one request
   * @param p99Millis of one request
   */
  record Result(double requestsPerSecond, double p50Millis, double p99Millis) {}

  /**
   * Sends for this long.
   *
   * @throws IllegalStateException if an answer was not 2xx or a connection broke
   */
  Result run(int seconds, int connections) {
    try {
      Path script = Files.createTempFile("partita-bench", ".lua");
      try {
        Files.writeString(script, lua());
        return parse(
            output(
                new ProcessBuilder(
                    "wrk",
                    "-t1",
                    "-c" + connections,
                    "-d" + seconds + "s",
                    "--timeout",
                    "10s",
                    "-s",
                    script.toString(),
                    target.toString())));
      } finally {
        Files.delete(script);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot run wrk", e);
    }
  }

  private String lua() {
    StringBuilder lua =
        new StringBuilder("wrk.method=\"" + (body.isEmpty() ? "GET" : "POST") + "\"\n");
    if (!body.isEmpty()) {
      lua.append("wrk.body=").append(quote(body)).append('\n');
    }
    headers.forEach(
        (name, value) -> lua.append("wrk.headers[%s]=%s%n".formatted(quote(name), quote(value))));
    return lua.append("done=function(s,l,r) io.write(string.format(\"RESULT %d %d %d %d %d\\n\",")
        .append("s.requests,s.duration,l:percentile(50),l:percentile(99),")
        .append(
            "s.errors.status+s.errors.connect+s.errors.read+s.errors.write+s.errors.timeout)) end\n")
        .toString();
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String output(ProcessBuilder command) throws IOException {
    Process process = command.redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Result parse(String output) {
    Matcher m = RESULT.matcher(output);
    if (!m.find()) {
      throw new IllegalStateException("wrk printed no result: " + output);
    }
    double seconds = Long.parseLong(m.group(2)) / 1e6;
    if (!m.group(5).equals("0")) {
      throw new IllegalStateException(m.group(5) + " bad answers: " + output);
    }
    return new Result(
        Long.parseLong(m.group(1)) / seconds,
        Long.parseLong(m.group(3)) / 1e3,
        Long.parseLong(m.group(4)) / 1e3);
  }
}
