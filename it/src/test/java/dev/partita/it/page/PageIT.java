// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.it.fixture.TestServer;
import dev.partita.it.fixture.Tool;
import dev.partita.it.server.Checkout;
import dev.partita.it.server.Credentials;
import dev.partita.it.server.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * One visit to the page, from the sign-in link to a model that answers, with a kill on the way. The
 * parts build on each other: training a model takes longest, so it is done once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Duration TRAINED = Duration.ofMinutes(4);
  private static final String LOSS = "[data-curve=loss]";
  private static final String TRAIN = "tr[data-step=train]";

  private ServerProcess server;
  private Browser browser;

  @BeforeAll
  void openServerAndBrowser() {
    Path chromium = Tool.BROWSER.require();
    server = TestServer.create("page").start();
    browser = new Browser(chromium, Checkout.find().root().resolve("it/target/page"));
  }

  @AfterAll
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  @Order(1)
  void takesTheOneTimeLinkOutOfTheAddress() {
    String token =
        server
            .client("admin")
            .post("/api/sign-in-links", "")
            .expect(200)
            .object()
            .getString("token");
    browser.open(URI.create(server.uri() + "/#" + token));
    browser.await("the board is shown", SOON, () -> browser.text("#account").contains("admin"));
    assertThat(browser.address()).doesNotContain(token);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  @Order(2)
  void startsAJobByKeyboardAlone() {
    browser.press(Keys.TAB);
    browser.tabTo("#new-job");
    browser.press(Keys.ENTER);
    browser.await(
        "the catalogue is read", SOON, () -> !browser.findAll("#job-definition option").isEmpty());
    browser.tabTo("#job-definition");
    browser.press("train-text");
    assertThat(browser.find("#job-definition").getDomProperty("value")).isEqualTo("train-text");
    browser.tabTo("#job-parameters");
    browser.press("epochs=8");
    browser.tabTo("dialog button.primary");
    browser.press(Keys.ENTER);
    browser.await("the job is shown", SOON, () -> browser.text(".job-head").contains("train-text"));
    assertThat(browser.text("#job-problem")).isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  @Order(3)
  void drawsTheCurveWhileTheJobTrains() {
    browser.await("the curve begins", TRAINED, () -> points() > 5);
    double points = points();
    double done = browser.number(TRAIN + " progress", "value");
    browser.await("the curve grows", SOON, () -> points() > points + 20);
    browser.await("the bar moves", SOON, () -> browser.number(TRAIN + " progress", "value") > done);
    browser.await(
        "rate and time left are told",
        SOON,
        () -> browser.text(TRAIN).matches("(?s).*it/s.* left.*running.*"));
    assertThat(browser.findAll("tr.part[data-step^=train]")).hasSize(2);
    browser.picture("training");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  @Order(4)
  void bridgesTheGapThatAKillLeaves() {
    browser.await(
        "a checkpoint is committed",
        TRAINED,
        () -> browser.text(".job-head").contains("checkpoint"));
    server.killHard();
    browser.await(
        "the loss of the server is told", SOON, () -> browser.text("#connection").contains("lost"));
    browser.picture("killed");
    server.start();
    browser.await("the server is back", SOON, () -> browser.text("#connection").equals("live"));
    browser.await("the gap is bridged", TRAINED, () -> browser.number(LOSS, "data-gaps") == 1);
    double points = points();
    browser.await("the curve goes on", SOON, () -> points() > points + 20);
    assertThat(browser.text(".job-head")).contains("survived 1 kill");
    browser.picture("back");
    // A server that is gone is a complaint of the network, and must be the only kind.
    assertThat(browser.complaints())
        .allMatch(c -> c.contains("net::ERR_") || c.contains("Failed to load resource"));
  }

  @Test
  @Order(5)
  void aStopIsNoKill() {
    browser.find("#stop").click();
    browser.await("it stops", SOON, () -> browser.text(".job-head .state").equals("stopped"));
    double points = points();
    browser.find("#restart").click();
    browser.await("the curve goes on", SOON, () -> points() > points + 20);
    assertThat(browser.number(LOSS, "data-gaps")).isEqualTo(2);
    assertThat(browser.text(".job-head")).contains("survived 1 kill").doesNotContain("kills");
    browser.picture("stopped-once");
  }

  @Test
  @Order(6)
  void classifiesASentenceOfOnesOwn() {
    browser.await(
        "the job ends", TRAINED, () -> browser.text(".job-head .state").equals("completed"));
    browser.await(
        "the version is listed", SOON, () -> browser.text(".versions").contains("text v1"));
    WebElement box = browser.find("#try-text");
    box.clear();
    box.sendKeys("a small furry mammal that eats insects and sleeps in winter", Keys.ENTER);
    browser.await("labels are shown", SOON, () -> !browser.findAll("#try-answer li").isEmpty());
    assertThat(browser.text("#try-answer li:first-child .name")).isEqualTo("animal");
    assertThat(browser.number("#try-answer li:first-child meter", "value")).isBetween(0.3, 1.0);
    browser.picture("classified");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  @Order(7)
  void pointsAtTheLineOfABadJob() {
    browser.find("#new-job").click();
    browser.find("dialog input[value=own]").click();
    WebElement xml = browser.find("#job-xml");
    xml.clear();
    xml.sendKeys(
        """
        <job id="bad" xmlns="https://jakarta.ee/xml/ns/jakartaee" version="2.0">
          <step id="first">
            <batchlet ref="nobodyKnowsThis"/>
          </step>
        </job>
        """);
    browser.find("dialog button.primary").click();
    browser.await("the refusal is told", SOON, () -> !browser.text("#job-problem").isEmpty());
    assertThat(browser.text("#job-problem"))
        .containsIgnoringCase("line 3")
        .contains("nobodyKnowsThis");
    assertThat(browser.text(".gutter .bad")).isEqualTo("3");
    assertThat(browser.focused("#job-xml")).isTrue();
    browser.picture("bad-job");
    browser.press(Keys.ESCAPE);
    assertThat(browser.focused("#new-job")).as("Escape gives the focus back").isTrue();
    assertThat(browser.complaints()).allMatch(c -> c.contains("status of 400"));
  }

  @Test
  @Order(8)
  void isWalkedByKeyboard() {
    browser.ask("document.activeElement.blur(); window.scrollTo(0, 0); return true");
    browser.open(URI.create(browser.address().replaceFirst("#.*", "")));
    browser.await("jobs are listed", SOON, () -> !browser.findAll(".job-list a").isEmpty());
    browser.press(Keys.TAB);
    assertThat(browser.focused("#skip")).as("the first stop skips to the job").isTrue();
    assertThat(
            browser.ask("return getComputedStyle(document.activeElement).outlineStyle !== 'none'"))
        .as("focus can be seen")
        .isEqualTo(true);
    browser.press(Keys.ENTER);
    assertThat(browser.focused("#job")).isTrue();
    browser.tabTo("input[name=axis]");
    browser.press(Keys.ARROW_RIGHT);
    assertThat(browser.find("input[value=iteration]").isSelected()).isTrue();
    browser.tabTo("#try-text");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  @Order(9)
  void fitsANarrowScreen() {
    browser.resize(375, 800);
    // A chart takes its new width a moment after the window took its own.
    browser.await("nothing is cut off on the right", SOON, () -> cutOff().isEmpty());
    assertThat((Long) browser.ask("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(375);
    assertThat((Long) browser.ask("return parseInt(getComputedStyle(document.body).fontSize)"))
        .isGreaterThanOrEqualTo(14);
    browser.picture("narrow");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  @Order(10)
  void offersAMonitorNothingThatChangesAnything() {
    browser.resize(1280, 900);
    browser.find("#account button").click();
    Credentials monitor = Credentials.read(server.directory().credentials(), "monitor");
    browser.await("the sign-in is shown", SOON, () -> !browser.findAll("#user").isEmpty());
    browser.find("#user").sendKeys(monitor.user());
    browser.find("#password").sendKeys(monitor.password(), Keys.ENTER);
    browser.await("the job is shown", SOON, () -> browser.text(".job-head").contains("completed"));
    assertThat(browser.find("#new-job").isDisplayed()).isFalse();
    assertThat(browser.find("#stop").isDisplayed()).isFalse();
    assertThat(browser.find("#restart").isDisplayed()).isFalse();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  @Order(11)
  void saysPlainlyWhyAJobFailed() {
    long job =
        server.client("admin").submit("classify-text", Map.of("model", "a-model-nobody-trained"));
    assertThat(server.client("admin").await(job, SOON)).isEqualTo("FAILED");
    browser.open(URI.create(server.uri() + "/#/jobs/" + job));
    browser.await(
        "the reason is told",
        SOON,
        () -> browser.text(".job-head .reason").contains("a-model-nobody-trained"));
    assertThat(browser.text(".job-head .reason"))
        .startsWith("Failed: step classify: ")
        .doesNotContain("Exception", "\tat ");
    browser.await("the steps are shown", SOON, () -> browser.text(".steps").contains("classify"));
    browser.picture("failed");
    assertThat(browser.complaints()).isEmpty();
  }

  private List<?> cutOff() {
    return (List<?>)
        browser.ask(
            """
            return [...document.querySelectorAll("body *:not(.skip, .unseen, .jobs *)")]
              .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > 376)
              .map((e) => e.outerHTML.slice(0, 120))
            """);
  }

  private double points() {
    return browser.number(LOSS, "data-points");
  }
}
