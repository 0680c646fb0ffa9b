// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.data.ClassifyRun;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassifyReaderTest {

  @Test
  void goesOnAtTheCommittedRow() {
    ClassifyReader first = new ClassifyReader("100", "110");
    first.open(null);
    for (int i = 0; i < 4; i++) {
      assertThat(first.readItem()).isEqualTo(100 + i);
    }
    Serializable committed = first.checkpointInfo();
    assertThat(first.readItem()).isEqualTo(104); // read, never committed

    ClassifyReader second = new ClassifyReader("100", "110");
    second.open(committed);
    assertThat(second.readItem()).isEqualTo(104);
  }

  @Test
  void everyRowIsCommittedOnceHoweverOftenItIsKilled() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      ClassifyRun run = new ClassifyRun(1, "text", 1, random.nextInt(500), 1 + random.nextInt(7));
      List<Integer> committed = new ArrayList<>();
      for (int partition = 0; partition < run.partitions(); partition++) {
        String from = Integer.toString(run.firstRow(partition));
        String to = Integer.toString(run.firstRow(partition + 1));
        committed.addAll(runKilledNowAndThen(from, to, random));
      }
      assertThat(committed)
          .containsExactlyElementsOf(IntStream.range(0, run.texts()).boxed().toList());
    }
  }

  /** Chunks of seven rows; a kill loses the chunk at hand and the reader, nothing else. */
  private static List<Integer> runKilledNowAndThen(String from, String to, Random random) {
    List<Integer> committed = new ArrayList<>();
    Serializable checkpoint = null;
    while (true) {
      ClassifyReader reader = new ClassifyReader(from, to);
      reader.open(checkpoint);
      while (random.nextInt(10) > 0) {
        List<Integer> chunk = new ArrayList<>();
        Integer row = reader.readItem();
        while (row != null) {
          chunk.add(row);
          row = chunk.size() < 7 ? reader.readItem() : null;
        }
        committed.addAll(chunk);
        checkpoint = reader.checkpointInfo();
        if (chunk.size() < 7) {
          return committed;
        }
      }
    }
  }
}
