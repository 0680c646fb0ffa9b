// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.doors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.SharedServer;
import dev.partita.it.server.Credentials;
import dev.partita.it.server.PartitaClient;
import dev.partita.it.server.ServerProcess;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Job definitions and questions that mean harm: 400, and the next request is answered. */
@ExtendWith(SharedServer.class)
class HostileInputIT {
  private static final long MOST_GROWTH_BYTES = 400L << 20;

  private record Hostile(String name, String body) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Hostile> jobs() {
    return Stream.of(
        new Hostile(
            "doctype", "<!DOCTYPE job SYSTEM \"file:///etc/passwd\">" + job("echoBatchlet")),
        new Hostile(
            "external entity",
            "<!DOCTYPE job [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + job("&x;")),
        new Hostile("entity flood", flood()),
        new Hostile("nested flows", nested(20_000)),
        new Hostile("class name as ref", job("java.lang.Runtime")),
        new Hostile("unknown ref", job("noSuchBean")),
        new Hostile("path as ref", job("../../etc/passwd")),
        new Hostile("oversize", "<!--" + "x".repeat(300_000) + "-->" + job("echoBatchlet")),
        new Hostile("no XML", "{}"),
        new Hostile("nothing", ""));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void aHostileJobIsRefused(Hostile job, ServerProcess server, PartitaClient admin) {
    long before = server.pssBytes();
    RawHttp.Reply reply =
        post(server, "/ibm/api/batch/jobinstances", "application/xml", job.body().getBytes(UTF_8));
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.text()).contains("\"detail\"").doesNotContain("root:x:");
    assertThat(server.pssBytes() - before).isLessThan(MOST_GROWTH_BYTES);
    admin.get("/api/me").expect(200);
  }

  static Stream<Hostile> questions() {
    return Stream.of(
        new Hostile("depth", "[".repeat(100_000)),
        new Hostile("long text", question("[1]", "BYTES", "\"" + "x".repeat(1_000_000) + "\"")),
        new Hostile("overflow", question("[4294967296,4294967296]", "FP32", "1")),
        new Hostile("rank", question("[1,1,1,1,1,1,1,1,1]", "FP32", "1")),
        new Hostile("huge", question("[2000000000]", "FP32", "1")),
        new Hostile("negative", question("[-1]", "FP32", "1")),
        new Hostile("too few", question("[3]", "BYTES", "\"a\"")),
        new Hostile("no type", question("[1]", "TEXT", "\"a\"")),
        new Hostile("not UTF-8", question("[1]", "BYTES", "\"\u00ff\u00fe\"")));
  }

  @ParameterizedTest
  @MethodSource("questions")
  void aHostileQuestionIsRefused(Hostile question, ServerProcess server, PartitaClient admin) {
    long before = server.pssBytes();
    RawHttp.Reply reply =
        post(
            server,
            "/v2/models/none/infer",
            "application/json",
            question.body().getBytes(ISO_8859_1));
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.text()).contains("{\"error\":");
    assertThat(server.pssBytes() - before).isLessThan(MOST_GROWTH_BYTES);
    admin.get("/v2").expect(200);
  }

  private static RawHttp.Reply post(
      ServerProcess server, String path, String contentType, byte[] body) {
    String basic = Credentials.read(server.directory().credentials(), "admin").basic();
    return RawHttp.send(
        server.port(),
        "POST",
        path,
        Map.of("Authorization", basic, "Content-Type", contentType),
        body);
  }

  private static String job(String ref) {
    return "<job id=\"j\" version=\"2.0\" xmlns=\"https://jakarta.ee/xml/ns/jakartaee\">"
        + "<step id=\"s\"><batchlet ref=\""
        + ref
        + "\"/></step></job>";
  }

  private static String nested(int depth) {
    return "<job id=\"j\" version=\"2.0\" xmlns=\"https://jakarta.ee/xml/ns/jakartaee\">"
        + "<flow id=\"f\">".repeat(Math.min(depth, 12_000))
        + "</flow>".repeat(Math.min(depth, 12_000))
        + "</job>";
  }

  private static String flood() {
    StringBuilder entities = new StringBuilder("<!ENTITY e0 \"lol\">");
    for (int i = 1; i < 10; i++) {
      entities.append("<!ENTITY e").append(i).append(" \"");
      entities.append(("&e" + (i - 1) + ";").repeat(10)).append("\">");
    }
    return "<!DOCTYPE job [" + entities + "]>" + job("&e9;");
  }

  private static String question(String shape, String datatype, String data) {
    return "{\"inputs\":[{\"name\":\"text\",\"shape\":"
        + shape
        + ",\"datatype\":\""
        + datatype
        + "\",\"data\":["
        + data
        + "]}]}";
  }
}
