// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.checkpoint.CheckpointFile;
import dev.partita.checkpoint.TensorBytes;
import dev.partita.cluster.GangPeers;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.GlooGroup;
import dev.partita.tensor.NativeArray;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What the pods of one gang agree on. Every exchange carries whether its pod wants to stop; since
 * all pods see the same wishes, all decide the same. All but {@link #join}, {@link #abort} and
 * {@link #close} are called by one rank while the pod's others wait.
 */
final class PodAgreement implements AutoCloseable {
  private final Supplier<GangPeers> joining;
  private final Duration timeout;
  private @Nullable GangPeers peers;
  private @Nullable PartitaException failure;

  private @Nullable GlooGroup gloo;

  /** What the last exchange said since somebody asked; null if there was none. */
  private @Nullable Boolean stop;

  /**
   * @param timeout the longest that one pod waits for the others
   */
  PodAgreement(Supplier<GangPeers> joining, Duration timeout) {
    this.joining = joining;
    this.timeout = timeout;
  }

  /**
   * Joins the other pods, once; blocks until all are here, or says to every rank why they are not.
   */
  synchronized void join() {
    if (failure != null) {
      throw new PartitaException(failure.code(), String.valueOf(failure.getMessage()), failure);
    }
    if (peers == null) {
      try {
        peers = joining.get();
      } catch (PartitaException e) {
        failure = e;
        throw e;
      }
    }
  }

  private synchronized GangPeers peers() {
    if (peers == null) {
      throw new IllegalStateException("not joined");
    }
    return peers;
  }

  /** Whether this is the pod of rank 0. */
  boolean first() {
    return peers().pod() == 0;
  }

  /** Swaps bytes with the other pods, and whether each wants to stop. */
  void exchange(PodExchange exchange, boolean stopWanted) {
    GangPeers all = peers();
    if (all.pods() == 1) {
      return;
    }
    ByteBuffer mine = ByteBuffer.allocate(Math.addExact(1, exchange.bytes()));
    mine.put((byte) (stopWanted ? 1 : 0));
    exchange.give(mine);
    byte[][] given = all.allGather(mine.array(), timeout);
    boolean any = false;
    for (int pod = 0; pod < given.length; pod++) {
      ByteBuffer theirs = ByteBuffer.wrap(given[pod]);
      any |= theirs.get() != 0;
      if (pod != all.pod()) {
        exchange.take(theirs);
      }
    }
    stop = any;
  }

  /** Whether some pod wants to stop: what the last exchange said, or one that is made for it. */
  boolean stopAgreed(boolean stopWanted) {
    if (peers().pods() == 1) {
      return stopWanted;
    }
    if (stop == null) {
      exchange(new NoExchange(), stopWanted);
    }
    boolean agreed = Boolean.TRUE.equals(stop);
    stop = null;
    return agreed;
  }

  /** Adds values over all pods, through Gloo; the pods connect at the first call. */
  void allReduce(NativeArray values, RankPods pods) {
    GangPeers all = peers();
    if (all.pods() == 1) {
      return;
    }
    GlooGroup group = gloo;
    if (group == null) {
      group =
          GlooGroup.join(
              all.pod(), all.pods(), pods.host(), timeout, mine -> all.allGather(mine, timeout));
      gloo = group;
    }
    group.allReduce(values, timeout);
  }

  /** The first pod's number. */
  long told(long number, Duration longest) {
    byte[] mine = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    return ByteBuffer.wrap(peers().allGather(mine, longest)[0]).getLong();
  }

  /** Waits for all pods. */
  void await(Duration longest) {
    peers().allGather(new byte[0], longest);
  }

  /**
   * Makes sure that all pods begin with the same tensors.
   *
   * @throws PartitaException INTERNAL if they differ
   */
  void requireEqual(List<CheckpointFile> files) {
    if (peers().pods() == 1) {
      return;
    }
    CRC32C checksum = new CRC32C();
    files.stream()
        .flatMap(file -> file.tensors().stream())
        .map(TensorBytes::bytes)
        .forEach(bytes -> checksum.update(bytes.duplicate()));
    long mine = checksum.getValue();
    if (told(mine, timeout) != mine) {
      throw new PartitaException(
          ErrorCode.INTERNAL, "pod " + peers().pod() + " of the gang begins with other weights");
    }
  }

  synchronized void abort(String reason) {
    if (peers != null) {
      peers.abort(reason);
    }
  }

  @Override
  public synchronized void close() {
    if (peers != null) {
      peers.close();
    }
    if (gloo != null) {
      gloo.close();
    }
  }
}
