// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.FluentWait;

/** A headless Chromium with a profile of its own, in the words of these tests. Not thread-safe. */
final class Browser implements AutoCloseable {
  /** Held, because the log manager holds loggers weakly. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  static {
    // It warns of every browser newer than itself; the few commands used here do not change.
    SELENIUM.setLevel(Level.SEVERE);
  }

  private final ChromeDriver driver;
  private final Path pictures;

  /**
   * @param chromium the program; its chromedriver lies beside it
   * @param pictures folder of the screenshots, made if need be
   */
  Browser(Path chromium, Path pictures) {
    this.pictures = pictures;
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    // No sandbox: builds run as root. The rest keeps the browser from calling home.
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=en-US");
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(chromium.resolveSibling("chromedriver").toFile())
                .build(),
            options);
    resize(1280, 900);
  }

  void open(URI address) {
    driver.get(address.toString());
  }

  String address() {
    return Objects.requireNonNull(driver.getCurrentUrl());
  }

  /** The size of the page's window in CSS pixels; narrower than a real window may be. */
  void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  List<WebElement> findAll(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** The visible text of an element, empty when there is none now. */
  String text(String css) {
    try {
      return find(css).getText();
    } catch (NoSuchElementException | StaleElementReferenceException e) {
      return "";
    }
  }

  /** A number in an attribute, 0 when it is not there now. */
  double number(String css, String attribute) {
    try {
      String value = find(css).getDomAttribute(attribute);
      return value == null ? 0 : Double.parseDouble(value);
    } catch (NoSuchElementException | StaleElementReferenceException e) {
      return 0;
    }
  }

  void press(CharSequence... keys) {
    new org.openqa.selenium.interactions.Actions(driver).sendKeys(keys).perform();
  }

  /** Presses Tab until an element has the focus; fails after a hundred. */
  void tabTo(String css) {
    for (int i = 0; i < 100; i++) {
      if (focused(css)) {
        return;
      }
      press(Keys.TAB);
    }
    throw new AssertionError("Tab never reaches " + css);
  }

  boolean focused(String css) {
    return Boolean.TRUE.equals(ask("return document.activeElement.matches(arguments[0])", css));
  }

  Object ask(String script, Object... arguments) {
    return Objects.requireNonNull(driver.executeScript(script, arguments));
  }

  /** Waits until something holds; says what did not within {@code limit}. */
  void await(String what, Duration limit, BooleanSupplier condition) {
    new FluentWait<>(condition)
        .withTimeout(limit)
        .pollingEvery(Duration.ofMillis(50))
        .withMessage(() -> what + "; the page shows:\n" + text("body"))
        .until(BooleanSupplier::getAsBoolean);
  }

  /** What the browser complained about since the last call: scripts, security policy, network. */
  List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
        complaints.add(entry.getMessage());
      }
    }
    return complaints;
  }

  /** Saves what the window shows as {@code <name>.png}. */
  void picture(String name) {
    try {
      Files.createDirectories(pictures);
      Files.write(pictures.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot save the screenshot " + name, e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
