// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One message between a server and its child.
 *
 * <pre>
 *   [body's length, int32][kind, 1 byte][number of the call or 0, int64][body]
 * </pre>
 *
 * Big-endian. The length is checked before anything is allocated.
 *
 * @param body backed by an array
 */
record Frame(Kind kind, long number, ByteBuffer body) {
  /** More than the largest call or answer takes. */
  static final int MAX_BODY = 4 << 20;

  /** What it says; the body's form is in {@link Wire}. */
  enum Kind {
    /** To the child, first: where it is and what it may take. */
    SETUP(1),
    /** From the child, first: it is ready. */
    READY(2),
    /** From the child, every now and then: it lives. */
    BEAT(3),
    /** To the child. */
    CALL(4),
    /** To the child: nobody waits for that call. */
    CANCEL(5),
    /** From the child: a call is done. */
    ANSWER(6),
    /** From the child: a call threw. */
    FAILURE(7);

    private static final Map<Integer, Kind> BY_CODE =
        Arrays.stream(values()).collect(Collectors.toMap(kind -> kind.code, kind -> kind));

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  static Frame of(Kind kind) {
    return new Frame(kind, 0, ByteBuffer.allocate(0));
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(body.remaining());
    out.writeByte(kind.code);
    out.writeLong(number);
    out.write(body.array(), body.arrayOffset() + body.position(), body.remaining());
  }

  /**
   * The next frame, or null where the other side ended, be it in the midst of one.
   *
   * @throws ProtocolException not a frame
   */
  static @Nullable Frame read(DataInputStream in) throws IOException {
    try {
      int length = in.readInt();
      int code = in.readUnsignedByte();
      long number = in.readLong();
      Kind kind = Kind.BY_CODE.get(code);
      if (length < 0 || length > MAX_BODY || kind == null) {
        throw new ProtocolException("a frame of kind " + code + " with " + length + " bytes");
      }
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      return new Frame(kind, number, ByteBuffer.wrap(bytes));
    } catch (EOFException e) {
      return null;
    }
  }

  /** The other side sent what it never should. */
  static final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
      super(message);
    }
  }
}
