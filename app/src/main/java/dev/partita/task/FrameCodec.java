// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.partita.cluster.PodSession;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.objectstore.ObjectId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Frames as bytes: one of the kind, then the fields in their order, big-endian, texts and lists
 * behind their length. What follows the fields that are known belongs to a newer version and is
 * passed over; so is a kind that is not known. Nothing is allocated before its length is checked.
 */
final class FrameCodec {
  private static final int SUBMIT = 1;
  private static final int CANCEL = 2;
  private static final int DONE = 3;
  private static final int FAILED = 4;
  private static final int ASK = 5;
  private static final int BORROW = 6;
  private static final int RETURN = 7;
  private static final int FETCH = 8;
  private static final int PIECE = 9;
  private static final int DISCARD = 10;
  private static final int KILL = 11;
  private static final int RESERVE = 12;
  private static final int UNRESERVE = 13;
  private static final int SAVE = 14;
  private static final int SETTLED = 15;

  private static final int INLINE = 0;
  private static final int STORED = 1;
  private static final int PIECE_HEADER = 37;

  private FrameCodec() {}

  static byte[] write(Frame frame) {
    if (frame instanceof Frame.Piece piece) {
      return ByteBuffer.allocate(PIECE_HEADER + piece.bytes().remaining())
          .put((byte) PIECE)
          .putLong(piece.number())
          .putLong(piece.totalBytes())
          .putLong(piece.offset())
          .putInt(piece.crc32c())
          .putLong(piece.bytes().remaining())
          .put(piece.bytes().duplicate())
          .array();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(192);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      write(frame, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (bytes.size() > PodSession.MAX_FRAME_BYTES) {
      throw new PartitaException(
          ErrorCode.TOO_LARGE,
          "a message of "
              + bytes.size()
              + " bytes; at most "
              + PodSession.MAX_FRAME_BYTES
              + ": put large values into the object store");
    }
    return bytes.toByteArray();
  }

  private static void write(Frame frame, DataOutputStream out) throws IOException {
    if (frame instanceof Frame.Submit submit) {
      out.writeByte(SUBMIT);
      out.writeLong(submit.number());
      writeCall(submit.call(), out);
    } else if (frame instanceof Frame.Done done) {
      out.writeByte(DONE);
      out.writeLong(done.number());
      writeValue(done.value(), out);
      out.writeLong(done.runNanos());
      out.writeBoolean(done.refs());
    } else if (frame instanceof Frame.Failed failed) {
      out.writeByte(FAILED);
      out.writeLong(failed.number());
      writeText(failed.failure().code().name(), out);
      writeText(failed.failure().type(), out);
      writeText(failed.failure().message(), out);
      writeText(failed.failure().stack(), out);
    } else if (frame instanceof Frame.Cancel cancel) {
      out.writeByte(CANCEL);
      out.writeLong(cancel.number());
    } else if (frame instanceof Frame.Settled settled) {
      out.writeByte(SETTLED);
      out.writeLong(settled.number());
    } else if (frame instanceof Frame.Ask ask) {
      out.writeByte(ASK);
      out.writeLong(ask.number());
      writeRef(ask.ref(), out);
    } else if (frame instanceof Frame.Borrow borrow) {
      out.writeByte(BORROW);
      out.writeLong(borrow.number());
      writeRefs(borrow.refs(), out);
    } else if (frame instanceof Frame.Return back) {
      out.writeByte(RETURN);
      writeRefs(back.refs(), out);
    } else if (frame instanceof Frame.Fetch fetch) {
      out.writeByte(FETCH);
      out.writeLong(fetch.number());
      writeId(fetch.id(), out);
    } else if (frame instanceof Frame.Discard discard) {
      out.writeByte(DISCARD);
      writeId(discard.id(), out);
    } else if (frame instanceof Frame.Kill kill) {
      out.writeByte(KILL);
      out.writeLong(kill.actor().high());
      out.writeLong(kill.actor().low());
    } else if (frame instanceof Frame.Reserve reserve) {
      out.writeByte(RESERVE);
      out.writeLong(reserve.number());
      writeGroup(reserve.group(), out);
      out.writeInt(reserve.bundles().size());
      for (int i = 0; i < reserve.bundles().size(); i++) {
        out.writeInt(reserve.bundles().get(i));
        writeText(reserve.resources().get(i), out);
      }
    } else if (frame instanceof Frame.Save save) {
      out.writeByte(SAVE);
      out.writeLong(save.actor().high());
      out.writeLong(save.actor().low());
      out.writeInt(save.generation());
      writeValue(save.state(), out);
    } else if (frame instanceof Frame.Unreserve unreserve) {
      out.writeByte(UNRESERVE);
      writeGroup(unreserve.group(), out);
    }
  }

  private static void writeCall(Call call, DataOutputStream out) throws IOException {
    writeText(call.kind().name(), out);
    writeText(call.name(), out);
    writeText(call.label(), out);
    Call.Demand demand = call.demand();
    writeText(demand.resources(), out);
    out.writeInt(demand.priority());
    out.writeBoolean(demand.group() != null);
    if (demand.group() != null) {
      writeGroup(demand.group(), out);
      out.writeInt(demand.bundle());
    }
    Call.ToActor to = call.to();
    out.writeBoolean(to != null);
    if (to != null) {
      out.writeLong(to.actor().high());
      out.writeLong(to.actor().low());
      out.writeInt(to.generation());
      writeText(to.delivery().name(), out);
      out.writeLong(to.caller());
      out.writeLong(to.sequence());
      out.writeInt(to.maxConcurrency());
      out.writeInt(to.mailbox());
    }
    out.writeInt(call.values().size());
    for (Value value : call.values()) {
      writeValue(value, out);
    }
  }

  private static void writeValue(Value value, DataOutputStream out) throws IOException {
    if (value instanceof Value.Inline inline) {
      out.writeByte(INLINE);
      out.writeInt(inline.bytes().length);
      out.write(inline.bytes());
    } else if (value instanceof Value.Stored stored) {
      out.writeByte(STORED);
      writeId(stored.id(), out);
      out.writeLong(stored.byteSize());
      writeText(stored.holder(), out);
    } else {
      throw new IllegalStateException("a shared value does not leave its pod");
    }
  }

  private static void writeText(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void writeId(ObjectId id, DataOutputStream out) throws IOException {
    out.writeLong(id.high());
    out.writeLong(id.low());
  }

  private static void writeGroup(GroupId id, DataOutputStream out) throws IOException {
    out.writeLong(id.high());
    out.writeLong(id.low());
  }

  private static void writeRef(RefId ref, DataOutputStream out) throws IOException {
    out.writeLong(ref.owner());
    out.writeLong(ref.number());
  }

  private static void writeRefs(List<RefId> refs, DataOutputStream out) throws IOException {
    out.writeInt(refs.size());
    for (RefId ref : refs) {
      writeRef(ref, out);
    }
  }

  /**
   * The frame in these bytes; null if it is of a kind that this version does not know.
   *
   * @throws IllegalArgumentException not a frame
   */
  static @Nullable Frame read(ByteBuffer from) {
    try {
      return parse(from);
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("a frame that ends too early", e);
    }
  }

  private static @Nullable Frame parse(ByteBuffer from) {
    int kind = from.get();
    return switch (kind) {
      case SUBMIT -> new Frame.Submit(from.getLong(), readCall(from));
      case SETTLED -> new Frame.Settled(from.getLong());
      case CANCEL -> new Frame.Cancel(from.getLong());
      case DONE -> new Frame.Done(from.getLong(), readValue(from), from.getLong(), from.get() != 0);
      case FAILED ->
          new Frame.Failed(
              from.getLong(),
              new Frame.Failure(readCode(from), readText(from), readText(from), readText(from)));
      case ASK -> new Frame.Ask(from.getLong(), readRef(from));
      case BORROW -> new Frame.Borrow(from.getLong(), readList(from, 16, FrameCodec::readRef));
      case RETURN -> new Frame.Return(readList(from, 16, FrameCodec::readRef));
      case FETCH -> new Frame.Fetch(from.getLong(), readId(from));
      case PIECE ->
          new Frame.Piece(
              from.getLong(), from.getLong(), from.getLong(), from.getInt(), readPart(from));
      case DISCARD -> new Frame.Discard(readId(from));
      case KILL -> new Frame.Kill(new ActorId(from.getLong(), from.getLong()));
      case RESERVE -> readReserve(from);
      case UNRESERVE -> new Frame.Unreserve(readGroup(from));
      case SAVE ->
          new Frame.Save(
              new ActorId(from.getLong(), from.getLong()), from.getInt(), readValue(from));
      default -> null;
    };
  }

  private static Frame readReserve(ByteBuffer from) {
    long number = from.getLong();
    GroupId group = readGroup(from);
    int count = readCount(from, 8);
    List<Integer> bundles = new ArrayList<>(count);
    List<String> resources = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      bundles.add(from.getInt());
      resources.add(readText(from));
    }
    return new Frame.Reserve(number, group, bundles, resources);
  }

  private static Call readCall(ByteBuffer from) {
    Call.Kind kind = Call.Kind.valueOf(readText(from));
    String name = readText(from);
    String label = readText(from);
    String resources = readText(from);
    int priority = from.getInt();
    boolean grouped = from.get() != 0;
    GroupId group = grouped ? readGroup(from) : null;
    int bundle = grouped ? from.getInt() : 0;
    Call.ToActor to = from.get() == 0 ? null : readActor(from);
    return new Call(
        kind,
        name,
        label,
        new Call.Demand(resources, priority, group, bundle),
        to,
        readList(from, 5, FrameCodec::readValue));
  }

  private static Call.ToActor readActor(ByteBuffer from) {
    return new Call.ToActor(
        new ActorId(from.getLong(), from.getLong()),
        from.getInt(),
        Delivery.valueOf(readText(from)),
        from.getLong(),
        from.getLong(),
        from.getInt(),
        from.getInt());
  }

  private static Value readValue(ByteBuffer from) {
    int kind = from.get();
    return switch (kind) {
      case INLINE -> new Value.Inline(readBytes(from));
      case STORED -> new Value.Stored(readId(from), from.getLong(), readText(from));
      default -> throw new IllegalArgumentException("a value of kind " + kind);
    };
  }

  /** A code of a newer version is a failure all the same. */
  private static ErrorCode readCode(ByteBuffer from) {
    String name = readText(from);
    try {
      return ErrorCode.valueOf(name);
    } catch (IllegalArgumentException e) {
      return ErrorCode.WORK_FAILED;
    }
  }

  private static ObjectId readId(ByteBuffer from) {
    return new ObjectId(from.getLong(), from.getLong());
  }

  private static GroupId readGroup(ByteBuffer from) {
    return new GroupId(from.getLong(), from.getLong());
  }

  private static RefId readRef(ByteBuffer from) {
    return new RefId(from.getLong(), from.getLong());
  }

  private static <T> List<T> readList(ByteBuffer from, int least, Function<ByteBuffer, T> one) {
    int count = readCount(from, least);
    List<T> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(one.apply(from));
    }
    return all;
  }

  private static String readText(ByteBuffer from) {
    return new String(readBytes(from), UTF_8);
  }

  private static byte[] readBytes(ByteBuffer from) {
    byte[] bytes = new byte[readCount(from, 1)];
    from.get(bytes);
    return bytes;
  }

  private static ByteBuffer readPart(ByteBuffer from) {
    long length = from.getLong();
    if (length < 0 || length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = from.slice(from.position(), (int) length);
    from.position(from.position() + (int) length);
    return part;
  }

  /** A count of things of at least this size, if so many can follow. */
  private static int readCount(ByteBuffer from, int size) {
    int count = from.getInt();
    if (count < 0 || count > from.remaining() / size) {
      throw new BufferUnderflowException();
    }
    return count;
  }
}
