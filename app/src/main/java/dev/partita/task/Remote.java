// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.io.Serializable;

/**
 * Methods that run elsewhere, given as method references such as {@code Texts::count}. Each is
 * Serializable so that the method it refers to can be read from it; it is never serialized.
 */
public final class Remote {
  private Remote() {}

  /**
   * Without arguments.
   *
   * @param <B> the bean or actor
   * @param <R> what it returns
   */
  @FunctionalInterface
  public interface Method0<B, R> extends Serializable {
    R call(B bean) throws Exception;
  }

  /** With one argument. */
  @FunctionalInterface
  public interface Method1<B, A, R> extends Serializable {
    R call(B bean, A argument) throws Exception;
  }

  /** With two arguments. */
  @FunctionalInterface
  public interface Method2<B, A1, A2, R> extends Serializable {
    R call(B bean, A1 first, A2 second) throws Exception;
  }
}
