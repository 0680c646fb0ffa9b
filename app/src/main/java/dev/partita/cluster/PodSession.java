// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import java.nio.ByteBuffer;

/**
 * A conversation between two lives of two pods: frames in both directions, each whole and in order,
 * none twice. When it is over, what was sent and not answered may or may not have arrived; a new
 * one is another session. Any thread.
 */
public interface PodSession {
  /** The largest frame. */
  int MAX_FRAME_BYTES = 4 << 20;

  /** Names the other pod's life, as its leases do. */
  String peer();

  /**
   * Never waits; lost if the session is over.
   *
   * @param frame at most {@link #MAX_FRAME_BYTES}; not to be changed any more
   */
  void send(byte[] frame);

  /**
   * Waits until at most so many bytes that were sent have not left this pod, or the session is
   * over: for senders that can wait.
   */
  void awaitRoom(long queuedBytes) throws InterruptedException;

  /** Ends it; the other side hears so. */
  void close();

  /**
   * Who is told, on threads that must not be kept waiting but hold no lock: a listener may take one
   * that is held elsewhere while frames are sent.
   */
  interface Listener {
    /** The other side has accepted the session; only told to who began it. */
    default void opened(PodSession session) {}

    /** Frames of one session come one after the other. */
    void received(PodSession session, ByteBuffer frame);

    /** Called once, and as the last: not while a frame is received, and none is after it. */
    void over(PodSession session, String why);
  }
}
