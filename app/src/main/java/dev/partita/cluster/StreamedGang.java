// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A gang whose pods send each other frames, each pod to each other one over a stream. */
final class StreamedGang implements GangPeers {
  private final String id;
  private final int pod;
  private final List<String> addresses;
  private final List<GangInbox> inboxes;
  private final GangStreams streams;
  private final List<GangLink> links = new ArrayList<>();

  private StreamedGang(String id, int pod, List<String> addresses, GangStreams streams) {
    this.id = id;
    this.pod = pod;
    this.addresses = List.copyOf(addresses);
    this.inboxes = addresses.stream().map(address -> new GangInbox()).toList();
    this.streams = streams;
  }

  /**
   * Is heard at once, and opens a stream to each other pod; returns when all hear this one.
   *
   * @throws PartitaException GANG_ABORTED if one does not hear it in time
   */
  static StreamedGang join(
      GangLink.Speaker speaker, List<String> addresses, Duration patience, GangStreams streams) {
    StreamedGang gang = new StreamedGang(speaker.gang(), speaker.pod(), addresses, streams);
    streams.add(gang);
    try {
      for (int peer = 0; peer < addresses.size(); peer++) {
        if (peer != gang.pod) {
          int other = peer;
          gang.add(
              GangLink.open(speaker, addresses.get(peer), patience, why -> gang.lost(other, why)));
        }
      }
      return gang;
    } catch (RuntimeException e) {
      gang.close();
      throw e;
    }
  }

  private void add(GangLink link) {
    synchronized (links) {
      links.add(link);
    }
  }

  String id() {
    return id;
  }

  /** The pod that says it has this number; -1 if it is no other pod of the gang. */
  int peer(@Nullable String number) {
    return IntStream.range(0, addresses.size())
        .filter(peer -> peer != pod && Integer.toString(peer).equals(number))
        .findFirst()
        .orElse(-1);
  }

  private String nameOf(int peer) {
    return "pod " + peer + " of the gang, " + addresses.get(peer) + ",";
  }

  void given(int peer, byte[] whole) {
    inboxes.get(peer).put(whole);
  }

  /** It went in good order: what it gave before still counts, and the others may be there yet. */
  void left(int peer) {
    inboxes.get(peer).end(nameOf(peer) + " left the gang");
  }

  /** Its stream broke, or nobody takes it for alive; no matter where it had left before. */
  void lost(int peer, String why) {
    if (!inboxes.get(peer).ended()) {
      over(nameOf(peer) + " is gone: " + why);
    }
  }

  /** Nobody waits for anybody any more. */
  void over(String reason) {
    inboxes.forEach(inbox -> inbox.abort(reason));
  }

  void alive(Set<String> members) {
    for (int peer = 0; peer < addresses.size(); peer++) {
      if (peer != pod && !members.contains(addresses.get(peer))) {
        lost(peer, "it is no member of the cluster any more");
      }
    }
  }

  @Override
  public int pods() {
    return addresses.size();
  }

  @Override
  public int pod() {
    return pod;
  }

  @Override
  public byte[][] allGather(byte[] mine, Duration timeout) {
    if (mine.length > GangFrame.MAX_WHOLE_BYTES) {
      throw new PartitaException(
          ErrorCode.TOO_LARGE, mine.length + " bytes are more than a gang exchanges at a time");
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    int from = 0;
    do {
      byte[] frame = GangFrame.of(mine, from);
      open().forEach(link -> link.send(frame));
      from += GangFrame.carried(frame);
    } while (from < mine.length);
    byte[][] all = new byte[addresses.size()][];
    for (int peer = 0; peer < all.length; peer++) {
      all[peer] = peer == pod ? mine : take(peer, deadline, timeout);
    }
    return all;
  }

  private byte[] take(int peer, long deadline, Duration timeout) {
    byte[] whole;
    try {
      whole = inboxes.get(peer).take(Duration.ofNanos(deadline - System.nanoTime()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartitaException(ErrorCode.GANG_ABORTED, "a rank was interrupted", e);
    }
    if (whole == null) {
      throw new PartitaException(
          ErrorCode.TIMEOUT, nameOf(peer) + " gave nothing within " + timeout);
    }
    return whole;
  }

  private List<GangLink> open() {
    synchronized (links) {
      return List.copyOf(links);
    }
  }

  @Override
  public void abort(String reason) {
    byte[] end = GangFrame.end(reason);
    open().forEach(link -> link.send(end));
    over(reason);
  }

  @Override
  public void close() {
    streams.remove(this);
    open().forEach(GangLink::close);
    over("this pod left the gang");
  }
}
