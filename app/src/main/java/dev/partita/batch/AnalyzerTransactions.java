// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;

/**
 * The transactions that JBeret begins, but for one: with an analyzer it keeps one open for the
 * whole partitioned step, which a long step outlives and whose rollback undoes the rows of its
 * partitions. That one is only pretended. (JBeret can be told to begin none, but then it also tells
 * the reducer of a failed step that the step is about to complete.)
 */
final class AnalyzerTransactions extends PassingTransactions {
  private enum Analyzer {
    /** No partitioned step with an analyzer on this thread. */
    NONE,
    /** The next transaction is the analyzer's. */
    EXPECTED,
    /** It has begun. */
    OPEN
  }

  private static final ThreadLocal<Analyzer> ANALYZER =
      ThreadLocal.withInitial(() -> Analyzer.NONE);

  AnalyzerTransactions(TransactionManager transactions) {
    super(transactions);
  }

  /** A partitioned step begins on the calling thread, with or without an analyzer. */
  static void expect(boolean analyzer) {
    if (analyzer) {
      ANALYZER.set(Analyzer.EXPECTED);
    } else {
      ANALYZER.remove();
    }
  }

  @Override
  public void begin() throws NotSupportedException, SystemException {
    if (ANALYZER.get() == Analyzer.EXPECTED) {
      ANALYZER.set(Analyzer.OPEN);
    } else {
      super.begin();
    }
  }

  @Override
  public void commit()
      throws RollbackException,
          HeuristicMixedException,
          HeuristicRollbackException,
          SystemException {
    if (ANALYZER.get() == Analyzer.OPEN) {
      ANALYZER.remove();
    } else {
      super.commit();
    }
  }

  @Override
  public void rollback() throws SystemException {
    if (ANALYZER.get() == Analyzer.OPEN) {
      ANALYZER.remove();
    } else {
      super.rollback();
    }
  }

  /** A chunk step on this thread begins with it: what was expected before did not come. */
  @Override
  public void setTransactionTimeout(int seconds) throws SystemException {
    ANALYZER.remove();
    super.setTransactionTimeout(seconds);
  }
}
