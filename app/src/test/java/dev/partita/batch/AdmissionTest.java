// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final Deque<Runnable> threads = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();
  private final Admission admission = new Admission(2, threads::add);

  @Test
  void onlySoManyRunAndTheOthersFollowInOrder() {
    for (int i = 1; i <= 4; i++) {
      String name = "job" + i;
      admission.admit(i, () -> ran.add(name));
    }
    assertThat(admission.active()).isEqualTo(2);
    assertThat(admission.waiting()).isEqualTo(2);
    while (!threads.isEmpty()) {
      threads.remove().run();
    }
    assertThat(ran).containsExactly("job1", "job2", "job3", "job4");
    assertThat(admission.active()).isZero();
  }

  @Test
  void aStoppedJobDoesNotWaitForItsTurn() {
    admission.admit(1, () -> ran.add("one"));
    admission.admit(2, () -> ran.add("two"));
    admission.admit(3, () -> ran.add("three"));
    admission.runIfWaiting(3);
    threads.removeLast().run();
    assertThat(ran).containsExactly("three");
    assertThat(admission.active()).isEqualTo(2);
    assertThat(admission.waiting()).isZero();
  }

  @Test
  void aJobThatThrowsGivesItsPlaceBack() {
    Admission one = new Admission(1, threads::add);
    one.admit(
        1,
        () -> {
          throw new IllegalStateException("broken");
        });
    one.admit(2, () -> ran.add("two"));
    try {
      threads.remove().run();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("broken");
    }
    threads.remove().run();
    assertThat(ran).containsExactly("two");
  }
}
