// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.cluster.TestDatabases;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of named actors, on both engines. */
class NamedActorRepositoryTest {
  @RegisterExtension static final TestDatabases DATABASES = new TestDatabases();

  private static NamedActorRepository rows(String engine) throws Exception {
    DataSource database = DATABASES.empty(engine);
    TestPods.makeTables(database);
    return new NamedActorRepository(database);
  }

  private static NamedActorRepository.Row row(String holder) {
    return new NamedActorRepository.Row(
        "sum", new ActorId(1, 2), "Counter", new byte[] {3}, null, null, holder, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void onlyTheKeeperSaves(String engine) throws Exception {
    NamedActorRepository rows = rows(engine);
    assertThat(rows.find("sum")).isEmpty();
    assertThat(rows.insert(row("a/1"))).isTrue();
    assertThat(rows.insert(row("b/1"))).isFalse();
    assertThat(rows.save("sum", 1, new byte[] {4})).isTrue();
    NamedActorRepository.Row kept = rows.find("sum").orElseThrow();
    assertThat(kept.holder()).isEqualTo("a/1");
    assertThat(kept.state()).containsExactly(4);
    assertThat(kept.argument()).isNull();
    assertThat(rows.claim(kept, "b/1")).isTrue();
    assertThat(rows.claim(kept, "c/1")).as("with a token that is spent").isFalse();
    assertThat(rows.save("sum", 1, new byte[] {5})).as("by a former keeper").isFalse();
    assertThat(rows.save("sum", 2, new byte[] {6})).isTrue();
    assertThat(rows.find("sum").orElseThrow().state()).containsExactly(6);
    rows.delete("sum");
    assertThat(rows.save("sum", 2, new byte[] {7})).as("of one that was ended").isFalse();
    assertThat(rows.find("sum")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void ofManyThatClaimOneIsTheKeeper(String engine) throws Exception {
    NamedActorRepository rows = rows(engine);
    rows.insert(row("a/1"));
    NamedActorRepository.Row kept = rows.find("sum").orElseThrow();
    ExecutorService pods = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> claims =
          java.util.stream.IntStream.range(0, 8)
              .<Callable<Boolean>>mapToObj(pod -> () -> rows.claim(kept, "pod-" + pod + "/1"))
              .toList();
      int won = 0;
      for (Future<Boolean> claim : pods.invokeAll(claims)) {
        won += claim.get() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
      assertThat(rows.find("sum").orElseThrow().generation()).isEqualTo(2);
    } finally {
      pods.shutdownNow();
    }
  }
}
