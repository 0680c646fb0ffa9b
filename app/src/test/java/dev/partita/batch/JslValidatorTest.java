// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.net.URI;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JslValidatorTest {
  private static final JslValidator VALIDATOR =
      new JslValidator(Set.of("echo", "reader", "writer"), URI.create("file:///srv/partita/"));

  private static final String GOOD =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <job xmlns="https://jakarta.ee/xml/ns/jakartaee" id="good" version="2.0">
        <!-- says one word -->
        <step id="say" next="copy">
          <batchlet ref="echo">
            <properties>
              <property name="word" value="#{jobParameters['word']}?:hello &amp; &lt;bye&gt;;"/>
            </properties>
          </batchlet>
        </step>
        <step id="copy">
          <chunk item-count="10">
            <reader ref="reader"/>
            <writer ref="writer"/>
          </chunk>
        </step>
      </job>
      """;

  @Test
  void aHarmlessJobPassesWithItsMeaning() {
    String written = VALIDATOR.validate(GOOD);
    assertThat(written)
        .contains("id=\"good\"", "ref=\"echo\"", "hello &amp; &lt;bye", "item-count=\"10\"")
        .doesNotContain("<!--");
  }

  @Test
  void whatIsWrittenPassesAgainUnchanged() {
    String once = VALIDATOR.validate(GOOD);
    assertThat(VALIDATOR.validate(once)).isEqualTo(once);
  }

  @Test
  void aDoctypeIsRefused() {
    refused("<!DOCTYPE job>\n" + step("<batchlet ref=\"echo\"/>"), 1, "DOCTYPE");
  }

  @Test
  void anExternalEntityIsRefusedWithoutReadingIt() {
    String jsl =
        "<!DOCTYPE job [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n"
            + step("<batchlet ref=\"&x;\"/>");
    refused(jsl, 1, "DOCTYPE");
  }

  @Test
  void anExternalSubsetIsRefusedWithoutFetchingIt() {
    refused("<!DOCTYPE job SYSTEM \"http://127.0.0.1:9/x.dtd\">\n" + step(""), 1, "DOCTYPE");
  }

  @Test
  void anEntityFloodIsRefusedAtOnce() {
    StringBuilder flood = new StringBuilder("<!DOCTYPE job [<!ENTITY e0 \"ha\">\n");
    for (int i = 1; i < 40; i++) {
      flood.append("<!ENTITY e%d \"&e%d;&e%d;\">%n".formatted(i, i - 1, i - 1));
    }
    refused(flood + "]>\n" + step("<batchlet ref=\"&e39;\"/>"), 41, "DOCTYPE");
  }

  @Test
  void whatAStepAsksOfTheSchedulerIsCheckedBeforeItStarts() {
    refused(property("partita.resources", "gpu=1.5"), 3, "gpu=1.5 is not possible");
    refused(property("partita.placement", "ANYWHERE"), 3, "partita.placement=ANYWHERE is none of");
    refused(property("partita.ressources", "cpu=1"), 3, "partita.ressources is no property");
    refused(property("partita.gang", "yes"), 3, "partita.gang=yes is neither true nor false");
    assertThat(VALIDATOR.validate(property("partita.gang.min", "#{jobParameters['least']}")))
        .contains("partita.gang.min");
  }

  private static String property(String name, String value) {
    return step(
        "<properties><property name=\"%s\" value=\"%s\"/></properties><batchlet ref=\"echo\"/>"
            .formatted(name, value));
  }

  @Test
  void anUndeclaredEntityIsRefused() {
    refused(step("<batchlet ref=\"echo\">&who;</batchlet>"), 3, "who");
  }

  @Test
  void twentyThousandNestedFlowsAreRefusedWithoutAStackOverflow() {
    String jsl = header() + "<flow id=\"f\">".repeat(15_000);
    refused(jsl, 1, "nested deeper than 64");
  }

  @Test
  void tooManyElementsAreRefused() {
    refused(header() + "<step id=\"s\"/>".repeat(10_001) + "</job>", 1, "more than 10000 elements");
  }

  @Test
  void anOversizeDefinitionIsRefusedUnparsed() {
    refused(GOOD + " ".repeat(JslValidator.MAX_BYTES), 1, "bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.Runtime",
        "javax.script.ScriptEngineManager",
        "dev.partita.batch.JobLauncher",
        "nobody",
        "",
        "echo ",
        "#{jobParameters['bean']}"
      })
  void aRefThatNamesNoArtifactIsRefused(String ref) {
    refused(step("<batchlet ref=\"" + ref + "\"/>"), 3, "names no batch artifact");
  }

  @Test
  void aSlipInANameIsRefusedWithTheNameThatWasMeant() {
    refused(step("<batchlet ref=\"ecoh\"/>"), 3, "; did you mean \"echo\"?");
    refused(GOOD.replace("next=\"copy\"", "next=\"Cpy\""), 4, "; did you mean \"copy\"?");
    assertThat(catchThrowable(() -> VALIDATOR.validate(step("<batchlet ref=\"somebody\"/>"))))
        .hasMessageNotContaining("did you mean");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<next on=\"A\" to=\"nowhere\"/>", "<stop on=\"A\" restart=\"nowhere\"/>"})
  void aTransitionThatLeadsNowhereIsRefusedBeforeTheJobRuns(String transition) {
    refused(step("<batchlet ref=\"echo\"/>\n" + transition), 4, "\"nowhere\" names no step");
    refused(GOOD.replace("next=\"copy\"", "next=\"nowhere\""), 4, "\"nowhere\" names no step");
  }

  @Test
  void aTransitionIntoAFlowSplitOrDecisionPasses() {
    String jsl =
        header()
            + """
            <step id="a" next="#{jobParameters['b']}?:b;"><batchlet ref="echo"/></step>
            <step id="b" next="f"><batchlet ref="echo"/></step>
            <flow id="f" next="s"><step id="f1"><batchlet ref="echo"/></step></flow>
            <split id="s" next="d"><flow id="s1"><step id="s2"><batchlet ref="echo"/></step></flow></split>
            <decision id="d" ref="echo"><stop on="A" restart="a"/><next on="*" to="e"/></decision>
            <step id="e"><batchlet ref="echo"/></step></job>
            """;
    assertThat(VALIDATOR.validate(jsl)).contains("to=\"e\"");
  }

  @Test
  void aScriptIsRefused() {
    refused(step("<batchlet ref=\"echo\"><script type=\"js\">1</script></batchlet>"), 3, "script");
  }

  @Test
  void inheritingFromAnotherJobIsRefused() {
    String jsl =
        "<job xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" id=\"j\" version=\"2.0\""
            + " parent=\"other\"><step id=\"s\"><batchlet ref=\"echo\"/></step></job>";
    refused(jsl, 1, "parent");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "FILE:/etc/passwd",
        "  file:///etc",
        "file:///srv/partita/../../etc",
        "file:///srv/partita/%2e%2e/%2e%2e/etc",
        "file://evil.example/share",
        "file:relative",
        "../secret",
        "a/../../b",
        "..\\windows",
        "jar:file:/etc/x.jar!/y"
      })
  void aValueThatPointsOutOfTheStorageRootIsRefused(String value) {
    refused(
        step(
            "<batchlet ref=\"echo\"><properties><property name=\"p\" value=\""
                + value
                + "\"/></properties></batchlet>"),
        3,
        "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///srv/partita/models/text", "1..10", "…", "a..b/c", "file"})
  void aHarmlessValuePasses(String value) {
    String jsl =
        step(
            "<batchlet ref=\"echo\"><properties><property name=\"p\" value=\""
                + value
                + "\"/></properties></batchlet>");
    assertThat(VALIDATOR.validate(jsl)).contains(value);
  }

  @Test
  void aPathInANameIsRefused() {
    assertThat(catchThrowable(() -> VALIDATOR.validate(GOOD.replace("\"good\"", "\"../x\""))))
        .isInstanceOf(PartitaException.class);
  }

  @Test
  void aSwitchOfTheEngineIsRefused() {
    refused(
        step(
            "<properties><property name=\"jberet.local-tx\" value=\"true\"/></properties>"
                + "<batchlet ref=\"echo\"/>"),
        3,
        "switch of the engine");
  }

  @Test
  void aDeviationFromTheSchemaIsNamedWithItsLine() {
    refused(GOOD.replace("item-count", "items"), 12, "items");
    refused(GOOD.replace("id=\"copy\"", "id=\"say\""), 11, "say");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "<job", "<job/>", "\u0000", "<a>\uD800</a>", "{\"a\":1}"})
  void whatIsNoJobIsRefused(String text) {
    assertThatThrownBy(() -> VALIDATOR.validate(text))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_JOB));
  }

  /** Whatever is done to a good job, it passes or is refused; nothing else ever comes out. */
  @Test
  void mutantsPassOrAreRefused() {
    Random random = new Random(42);
    String[] pieces = {
      "<", ">", "\"", "&", ";", "<!DOCTYPE a>", "<![CDATA[", "]]>", "<?x y?>", "<step id=\"z\">",
      "</step>", "\u0000", "\uD800", "xmlns:a=\"b\"", "&#0;", "&#x41;", "<!--", "-->", "ref=", "é"
    };
    int passed = 0;
    for (int round = 0; round < 1_000; round++) {
      StringBuilder mutant = new StringBuilder(GOOD);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(mutant.length());
        switch (random.nextInt(3)) {
          case 0 -> mutant.insert(at, pieces[random.nextInt(pieces.length)]);
          case 1 -> mutant.deleteCharAt(at);
          default -> mutant.setCharAt(at, (char) random.nextInt(256));
        }
      }
      String text = mutant.toString();
      try {
        VALIDATOR.validate(VALIDATOR.validate(text));
        passed++;
      } catch (PartitaException e) {
        assertThat(e.code()).as(text).isEqualTo(ErrorCode.INVALID_JOB);
        assertThat(e.getMessage()).startsWith("line ");
      }
    }
    assertThat(passed).isBetween(1, 999);
  }

  private static void refused(String jsl, int line, String reason) {
    assertThatThrownBy(() -> VALIDATOR.validate(jsl))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_JOB))
        .hasMessageStartingWith("line " + line + ": ")
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.toString()).hasSizeLessThan(400));
  }

  private static String header() {
    return "<job xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" id=\"j\" version=\"2.0\">";
  }

  /** A job with one step; what is in the step begins on line 3. */
  private static String step(String content) {
    return header() + "\n<step id=\"s\">\n" + content + "</step></job>";
  }
}
