// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.batch.operations.BatchRuntimeException;
import jakarta.batch.runtime.BatchStatus;
import jakarta.batch.runtime.StepExecution;
import java.util.List;
import org.jberet.runtime.AbstractStepExecution;
import org.jberet.runtime.JobExecutionImpl;
import org.jspecify.annotations.Nullable;

/** Why something failed, in one line for a person: what lies at the root, without a stack. */
final class FailureReason {
  private static final int MAX_LENGTH = 1_000;
  private static final int MAX_DEPTH = 50;
  private static final String CODE = "code ";

  private FailureReason() {}

  /**
   * The message of the innermost exception of ours, which says what failed, with which value; else
   * the innermost exception's type and message.
   */
  static String of(Throwable failure) {
    Throwable innermost = failure;
    Throwable ours = failure instanceof PartitaException ? failure : null;
    for (int i = 0; i < MAX_DEPTH && innermost.getCause() != null; i++) {
      innermost = innermost.getCause();
      ours = innermost instanceof PartitaException ? innermost : ours;
    }
    String message = firstLine((ours == null ? innermost : ours).getMessage());
    String type = innermost.getClass().getSimpleName();
    String text = ours != null ? message : message.isEmpty() ? type : type + ": " + message;
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "\u2026";
  }

  /** A line for each code in the chain of causes, by which {@link #hasCode} finds them again. */
  static String codes(Throwable failure) {
    StringBuilder lines = new StringBuilder();
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (cause instanceof PartitaException ours) {
        lines.append('\n').append(CODE).append(ours.code());
      }
      cause = cause.getCause();
    }
    return lines.toString();
  }

  /** Whether a failure of this code is in the chain of causes of a step that failed. */
  static boolean hasCode(AbstractStepExecution failed, ErrorCode code) {
    Exception kept = failed.getException();
    return kept != null
        && (String.valueOf(kept.getMessage()) + codes(kept))
            .lines()
            .anyMatch((CODE + code)::equals);
  }

  /** Why a step or partition failed; null if it did not, or nobody knows. */
  static @Nullable String of(StepExecution step) {
    if (step.getBatchStatus() != BatchStatus.FAILED
        || !(step instanceof AbstractStepExecution failed)) {
      return null;
    }
    Exception kept = failed.getException();
    // JBeret gives back what PlainSerializableData made of it: the reason is its first line.
    return kept == null
        ? null
        : (kept.getClass() == BatchRuntimeException.class && kept.getCause() == null)
                || kept instanceof DatabaseLoss.Kept
            ? firstLine(kept.getMessage())
            : of((Throwable) kept);
  }

  /** Why a job failed: the reason of its last failed step, which is named. */
  static @Nullable String of(JobExecutionImpl job) {
    if (job.getBatchStatus() != BatchStatus.FAILED) {
      return null;
    }
    List<StepExecution> steps = List.copyOf(job.getStepExecutions());
    for (int i = steps.size() - 1; i >= 0; i--) {
      String reason = of(steps.get(i));
      if (reason != null) {
        return "step " + steps.get(i).getStepName() + ": " + reason;
      }
    }
    return null;
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.strip().lines().findFirst().orElse("");
  }
}
