// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.util.function.Consumer;

/**
 * The server's transaction manager, with one addition: on a thread that holds a partition, a commit
 * first locks the partition's lease, so that a holder that was taken over commits nothing.
 *
 * <p>At the end and not at the beginning: a transaction that computes for long, or whose process is
 * frozen in the middle of it, would keep everybody else from claiming the partition. At the
 * beginning a look is enough, so that who was taken over does not start to compute.
 */
final class FencingTransactions extends PassingTransactions {
  private volatile Consumer<PartitionClaim> check = claim -> {};
  private volatile Consumer<PartitionClaim> lock = claim -> {};

  FencingTransactions(TransactionManager server) {
    super(server);
  }

  /** Set once, before the first job; both throw when the claim is lost. */
  void fenceWith(Consumer<PartitionClaim> leaseCheck, Consumer<PartitionClaim> leaseLock) {
    check = leaseCheck;
    lock = leaseLock;
  }

  @Override
  public void begin() throws NotSupportedException, SystemException {
    super.begin();
    PartitionClaim claim = PartitionClaim.ofThisThread();
    if (claim != null) {
      try {
        check.accept(claim);
      } catch (RuntimeException e) {
        super.rollback();
        throw e;
      }
    }
  }

  @Override
  public void commit()
      throws RollbackException,
          HeuristicMixedException,
          HeuristicRollbackException,
          SystemException {
    PartitionClaim claim = PartitionClaim.ofThisThread();
    if (claim != null && getStatus() == Status.STATUS_ACTIVE) {
      try {
        lock.accept(claim);
      } catch (RuntimeException e) {
        super.rollback();
        throw (RollbackException) new RollbackException(e.getMessage()).initCause(e);
      }
    }
    super.commit();
  }
}
