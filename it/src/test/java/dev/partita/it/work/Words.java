// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.work;

import dev.partita.task.Task;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Tasks of a user. */
@ApplicationScoped
public class Words {
  /** How often each word is there. */
  @Task
  public Map<String, Integer> count(String text) {
    Map<String, Integer> counts = new TreeMap<>();
    Arrays.stream(text.split(" ", -1)).forEach(word -> counts.merge(word, 1, Integer::sum));
    return counts;
  }

  /** Works for so long, and says so. */
  @Task
  public String work(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return "worked for " + millis;
  }

  @Task
  public int fails(String message) {
    throw new IllegalStateException(message);
  }
}
