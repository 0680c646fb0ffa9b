// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One message between pods of a gang. What a pod gives is cut into frames of at most 1 MiB, so that
 * none of them needs a large buffer in HTTP/2:
 *
 * <pre>
 * BEGIN  1 | bytes of the whole, int32 | the first of them
 * MORE   2 | the next of them
 * END    3 | why the sender's gang is over, UTF-8
 * </pre>
 */
final class GangFrame {
  static final byte BEGIN = 1;
  static final byte MORE = 2;
  static final byte END = 3;
  static final int MAX_BYTES = 1 << 20;
  static final int MAX_WHOLE_BYTES = 1 << 30;
  private static final int BEGIN_HEADER = 1 + Integer.BYTES;
  private static final int MAX_REASON = 4_096;

  private GangFrame() {}

  /** The frame that begins at {@code from} of the whole. */
  static byte[] of(byte[] whole, int from) {
    int header = from == 0 ? BEGIN_HEADER : 1;
    int size = Math.min(whole.length - from, MAX_BYTES - header);
    ByteBuffer frame = ByteBuffer.allocate(header + size);
    frame.put(from == 0 ? BEGIN : MORE);
    if (from == 0) {
      frame.putInt(whole.length);
    }
    return frame.put(whole, from, size).array();
  }

  /** Bytes of the whole that this frame carries. */
  static int carried(byte[] frame) {
    return frame.length - (frame[0] == BEGIN ? BEGIN_HEADER : 1);
  }

  static byte[] end(String reason) {
    String cut = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
    byte[] text = cut.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + text.length).put(END).put(text).array();
  }

  /** Gathers frames into the whole. */
  static final class Assembly {
    private byte[] whole = new byte[0];
    private int filled;

    /**
     * Adds a BEGIN or MORE frame; returns the whole once it is complete, else null.
     *
     * @throws IllegalArgumentException if it does not fit
     */
    byte @Nullable [] add(byte[] frame) {
      ByteBuffer bytes = ByteBuffer.wrap(frame);
      byte kind = bytes.get();
      if (kind == BEGIN) {
        int total = bytes.getInt();
        if (total < 0 || total > MAX_WHOLE_BYTES) {
          throw new IllegalArgumentException(total + " bytes are announced");
        }
        whole = new byte[total];
        filled = 0;
      }
      int size = bytes.remaining();
      if ((kind != BEGIN && kind != MORE) || size > whole.length - filled) {
        throw new IllegalArgumentException("a frame of kind " + kind + " does not fit");
      }
      bytes.get(whole, filled, size);
      filled += size;
      return filled == whole.length ? whole : null;
    }
  }

  /** Bytes as they are. */
  static final class Marshaller implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] frame) {
      return new ByteArrayInputStream(frame);
    }

    @Override
    public byte[] parse(InputStream bytes) {
      try {
        return bytes.readNBytes(MAX_BYTES);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
