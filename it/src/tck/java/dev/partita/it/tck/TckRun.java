// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes in this JVM, in this thread, and counts as Maven's plugins do. */
public final class TckRun implements TestExecutionListener {
  private static final int LONGEST = 500;

  private final Consumer<String> log;
  private final List<String> problems = new ArrayList<>();
  private @Nullable TestPlan plan;
  private int run;
  private int failed;
  private int errors;
  private int skipped;

  private TckRun(Consumer<String> log) {
    this.log = log;
  }

  /**
   * Runs them; the classes are those of the calling thread's class loader.
   *
   * @param classes their names
   * @param log gets a line for each test that ended
   */
  public static TckResult of(List<String> classes, Consumer<String> log) {
    TckRun listener = new TckRun(log);
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(classes.stream().map(DiscoverySelectors::selectClass).toList())
            .build();
    LauncherFactory.create().execute(request, listener);
    return new TckResult(
        listener.run, listener.failed, listener.errors, listener.skipped, listener.problems);
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    TestPlan known = plan;
    long tests =
        test.isTest() || known == null
            ? 1
            : known.getDescendants(test).stream().filter(TestIdentifier::isTest).count();
    run += (int) tests;
    skipped += (int) tests;
    log.accept("skipped " + name(test) + ": " + reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest()) {
      run++;
    }
    switch (result.getStatus()) {
      case SUCCESSFUL -> {
        if (test.isTest()) {
          log.accept("passed " + name(test));
        }
      }
      case ABORTED -> {
        skipped++;
        log.accept("skipped " + name(test));
      }
      case FAILED -> {
        Throwable why = result.getThrowable().orElseGet(AssertionError::new);
        if (why instanceof AssertionError) {
          failed++;
        } else {
          errors++;
        }
        String problem = name(test) + ": " + cut(why.toString().replace('\n', ' '));
        problems.add(problem);
        log.accept("FAILED " + problem);
      }
    }
  }

  /** Some messages hold whole stack traces. */
  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }

  private static String name(TestIdentifier test) {
    return test.getParentId()
        .map(parent -> parent.replaceAll(".*[.:]([A-Za-z0-9]+)].*", "$1") + ".")
        .orElse("")
        .concat(test.getDisplayName());
  }
}
