// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FailureReasonTest {
  private static PartitaException ours(String message, Throwable cause) {
    return new PartitaException(ErrorCode.INTERNAL, message, cause);
  }

  @Test
  void whatWeSaidInnermostIsTheReason() {
    Throwable disk = new IOException("No space left on device");
    Throwable said = ours("checkpoint 7 not written: no space", disk);
    Throwable gang = ours("rank 1 failed: " + said.getMessage(), said);
    assertThat(FailureReason.of(new RuntimeException(gang)))
        .isEqualTo("checkpoint 7 not written: no space");
  }

  @Test
  void ofForeignExceptionsTheInnermostIsNamed() {
    assertThat(FailureReason.of(new RuntimeException(new IOException("gone\n\tat Foo.java:3"))))
        .isEqualTo("IOException: gone");
    assertThat(FailureReason.of(new NullPointerException())).isEqualTo("NullPointerException");
  }

  @Test
  void aReasonFitsItsColumnAndACircleEnds() {
    assertThat(FailureReason.of(new IllegalStateException("x".repeat(5_000)))).hasSize(1_001);
    Throwable one = new RuntimeException("one");
    one.initCause(new RuntimeException("two", one));
    assertThat(FailureReason.of(one)).startsWith("RuntimeException: ");
  }
}
