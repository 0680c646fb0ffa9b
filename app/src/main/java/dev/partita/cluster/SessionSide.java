// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One side of a session: what it has to say, until it is over. Frames that come while the
 * connection is busy go together in one message:
 *
 * <pre>
 *   ([length of the frame, int32][frame])*
 * </pre>
 */
final class SessionSide implements PodSession {
  /** Few enough to be one piece of work for the receiver. */
  private static final int MESSAGE_BYTES = 128 << 10;

  static final int MAX_MESSAGE_BYTES = PodSession.MAX_FRAME_BYTES + MESSAGE_BYTES;

  private final String peer;
  private final BooleanSupplier ready;
  private final Consumer<byte[]> sender;
  private final Runnable closer;
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private final Object writing = new Object();
  private long queuedBytes;
  private boolean sending;
  private volatile boolean over;

  /**
   * Sends while {@code ready} says so; {@link #flush} is to be called when it becomes true.
   *
   * @param peer the other pod's life
   * @param sender is called by one thread at a time, and never again after {@code closer}
   * @param closer ends the connection
   */
  SessionSide(String peer, BooleanSupplier ready, Consumer<byte[]> sender, Runnable closer) {
    this.peer = peer;
    this.ready = ready;
    this.sender = sender;
    this.closer = closer;
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public void send(byte[] frame) {
    if (frame.length > PodSession.MAX_FRAME_BYTES) {
      throw new IllegalArgumentException("a frame of " + frame.length + " bytes");
    }
    synchronized (this) {
      if (over) {
        return;
      }
      waiting.add(frame);
      queuedBytes += frame.length;
    }
    flush();
  }

  @Override
  public synchronized void awaitRoom(long atMostBytes) throws InterruptedException {
    while (queuedBytes > atMostBytes) {
      wait();
    }
  }

  @Override
  public void close() {
    if (end()) {
      closer.run();
    }
  }

  /** Says nothing any more; false if it was so before. */
  boolean end() {
    synchronized (writing) {
      if (over) {
        return false;
      }
      over = true;
    }
    synchronized (this) {
      waiting.clear();
      queuedBytes = 0;
      notifyAll();
    }
    return true;
  }

  boolean ended() {
    return over;
  }

  void flush() {
    synchronized (this) {
      if (sending) {
        return;
      }
      sending = true;
    }
    while (true) {
      byte[] message;
      synchronized (this) {
        if (waiting.isEmpty() || over || !ready.getAsBoolean()) {
          sending = false;
          return;
        }
        message = next();
      }
      synchronized (writing) {
        if (!over) {
          sender.accept(message);
        }
      }
    }
  }

  /** Under the lock. */
  private byte[] next() {
    int bytes = 0;
    int count = 0;
    for (byte[] frame : waiting) {
      if (count > 0 && bytes + frame.length > MESSAGE_BYTES) {
        break;
      }
      bytes += Integer.BYTES + frame.length;
      count++;
    }
    ByteBuffer message = ByteBuffer.allocate(bytes);
    for (int i = 0; i < count; i++) {
      byte[] frame = waiting.remove();
      queuedBytes -= frame.length;
      message.putInt(frame.length).put(frame);
    }
    notifyAll();
    return message.array();
  }

  /**
   * Takes a message apart.
   *
   * @throws IllegalArgumentException if it is none
   */
  static void read(byte[] message, Consumer<ByteBuffer> frames) {
    ByteBuffer rest = ByteBuffer.wrap(message);
    while (rest.hasRemaining()) {
      int length = rest.remaining() < Integer.BYTES ? -1 : rest.getInt();
      if (length < 0 || length > rest.remaining()) {
        throw new IllegalArgumentException("a frame of " + length + " bytes does not fit");
      }
      frames.accept(rest.slice(rest.position(), length));
      rest.position(rest.position() + length);
    }
  }

  /** Bytes as they are. */
  static final class Marshaller implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream bytes) {
      try {
        // gRPC knows the length of what it has got, and has checked it: one array, filled once.
        byte[] message = new byte[Math.min(bytes.available(), MAX_MESSAGE_BYTES)];
        int read = bytes.readNBytes(message, 0, message.length);
        if (read < message.length || bytes.read() >= 0) {
          throw new IOException("a message of another length than " + message.length);
        }
        return message;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
