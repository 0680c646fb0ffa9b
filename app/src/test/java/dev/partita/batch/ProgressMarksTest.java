// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressMarksTest {
  @TempDir private Path output;
  private ProgressMarks marks;

  @BeforeEach
  void open() {
    marks = ProgressMarks.in(output);
  }

  @Test
  void theNextExecutionFindsHowFarTheFormerOneGot() {
    ProgressMark first = marks.of(7, "train", 1);
    assertThat(first.former()).isZero();
    first.reach(50);
    first.reach(57);
    first.reach(53);
    assertThat(marks.of(7, "train", 1).former()).isEqualTo(57);
    assertThat(marks.of(7, "train", 0).former()).isZero();
    assertThat(marks.of(7, "train", null).former()).isZero();
    assertThat(marks.of(8, "train", 1).former()).isZero();
  }

  @Test
  void anExecutionThatGoesOnFurtherBackMovesTheMarkBack() {
    marks.of(7, "train", 0).reach(57);
    ProgressMark second = marks.of(7, "train", 0);
    second.reach(50);
    assertThat(second.former()).isEqualTo(57);
    second.reach(53);
    assertThat(marks.of(7, "train", 0).former()).isEqualTo(53);
  }

  @Test
  void aPurgedInstanceLeavesNoMarks() throws IOException {
    marks.of(7, "train", 0).reach(1);
    marks.of(8, "train", 0).reach(2);
    marks.delete(7);
    marks.delete(9);
    assertThat(output.resolve("progress")).isDirectoryContaining("glob:**/8");
    assertThat(output.resolve("progress")).isDirectoryNotContaining("glob:**/7");
  }

  @Test
  void whereTheDiskRefusesProgressGoesOnUnmarked() throws IOException {
    Files.writeString(output.resolve("progress"), "in the way");
    ProgressMark mark = marks.of(7, "train", 0);
    mark.reach(5);
    assertThat(mark.former()).isZero();
  }
}
