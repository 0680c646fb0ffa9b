// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.transaction.TransactionManager;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnalyzerTransactionsTest {
  private final List<String> calls = new ArrayList<>();
  private final TransactionManager transactions =
      new AnalyzerTransactions(
          (TransactionManager)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {TransactionManager.class},
                  (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return null;
                  }));

  @AfterEach
  void forget() {
    AnalyzerTransactions.expect(false);
  }

  @Test
  void theAnalyzersIsPretendedAndTheNextIsReal() throws Exception {
    AnalyzerTransactions.expect(true);
    transactions.begin();
    transactions.rollback();
    assertThat(calls).isEmpty();
    AnalyzerTransactions.expect(true);
    transactions.begin();
    transactions.commit();
    assertThat(calls).isEmpty();
    transactions.begin();
    transactions.commit();
    assertThat(calls).containsExactly("begin", "commit");
  }

  @Test
  void aStepWithoutAnalyzerAndAChunkStepHaveRealOnes() throws Exception {
    AnalyzerTransactions.expect(true);
    AnalyzerTransactions.expect(false);
    transactions.begin();
    AnalyzerTransactions.expect(true);
    transactions.setTransactionTimeout(180);
    transactions.begin();
    transactions.rollback();
    assertThat(calls).containsExactly("begin", "setTransactionTimeout", "begin", "rollback");
  }
}
