// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.partita.error.ErrorCode;
import dev.partita.isolation.Frame.ProtocolException;
import dev.partita.objectstore.ObjectId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Bodies of frames: texts and bytes behind their length, integers big-endian. */
final class Wire {
  private Wire() {}

  /**
   * What a child is told first.
   *
   * @param beat how often it shows that it lives
   */
  record Setup(
      String worker,
      int concurrency,
      long privateBytes,
      Duration beat,
      Path storeFolder,
      long arenaBytes,
      Path spillFolder,
      Duration openTimeout) {}

  static ByteBuffer setup(Setup setup) {
    byte[] worker = setup.worker().getBytes(UTF_8);
    byte[] store = setup.storeFolder().toString().getBytes(UTF_8);
    byte[] spill = setup.spillFolder().toString().getBytes(UTF_8);
    ByteBuffer to = ByteBuffer.allocate(64 + worker.length + store.length + spill.length);
    putBytes(to, worker);
    to.putInt(setup.concurrency()).putLong(setup.privateBytes()).putLong(setup.beat().toMillis());
    putBytes(to, store);
    to.putLong(setup.arenaBytes());
    putBytes(to, spill);
    to.putLong(setup.openTimeout().toMillis());
    return to.flip();
  }

  static Setup setup(ByteBuffer body) throws ProtocolException {
    return parse(
        body,
        from ->
            new Setup(
                getText(from),
                from.getInt(),
                from.getLong(),
                Duration.ofMillis(from.getLong()),
                Path.of(getText(from)),
                from.getLong(),
                Path.of(getText(from)),
                Duration.ofMillis(from.getLong())));
  }

  static ByteBuffer call(Call call) {
    byte[] work = call.work().getBytes(UTF_8);
    ByteBuffer to = ByteBuffer.allocate(4 + work.length + sizeOf(call.bytes(), call.objects()));
    putBytes(to, work);
    putValue(to, call.bytes(), call.objects());
    return to.flip();
  }

  static Call call(ByteBuffer body) throws ProtocolException {
    return parse(body, from -> new Call(getText(from), getBytes(from), getObjects(from)));
  }

  static ByteBuffer answer(Answer answer) {
    ByteBuffer to = ByteBuffer.allocate(sizeOf(answer.bytes(), answer.objects()));
    putValue(to, answer.bytes(), answer.objects());
    return to.flip();
  }

  static Answer answer(ByteBuffer body) throws ProtocolException {
    return parse(body, from -> new Answer(getBytes(from), getObjects(from)));
  }

  static ByteBuffer failure(Outcome.Failed failed) {
    byte[] code = failed.code().name().getBytes(UTF_8);
    byte[] message = failed.message().getBytes(UTF_8);
    byte[] stack = failed.stack().getBytes(UTF_8);
    ByteBuffer to = ByteBuffer.allocate(12 + code.length + message.length + stack.length);
    putBytes(to, code);
    putBytes(to, message);
    putBytes(to, stack);
    return to.flip();
  }

  static Outcome.Failed failure(ByteBuffer body) throws ProtocolException {
    return parse(
        body,
        from -> new Outcome.Failed(ErrorCode.valueOf(getText(from)), getText(from), getText(from)));
  }

  private static <T> T parse(ByteBuffer body, Function<ByteBuffer, T> parser)
      throws ProtocolException {
    ByteBuffer from = body.duplicate();
    T value;
    try {
      value = parser.apply(from);
    } catch (RuntimeException e) {
      throw new ProtocolException("a body of " + body.remaining() + " bytes: " + e);
    }
    if (from.hasRemaining()) {
      throw new ProtocolException("a body with " + from.remaining() + " bytes too many");
    }
    return value;
  }

  private static int sizeOf(ByteBuffer bytes, List<ObjectId> objects) {
    return 8 + bytes.remaining() + objects.size() * Limits.OBJECT_BYTES;
  }

  private static void putValue(ByteBuffer to, ByteBuffer bytes, List<ObjectId> objects) {
    to.putInt(bytes.remaining()).put(bytes).putInt(objects.size());
    objects.forEach(id -> to.putLong(id.high()).putLong(id.low()));
  }

  private static void putBytes(ByteBuffer to, byte[] bytes) {
    to.putInt(bytes.length).put(bytes);
  }

  private static String getText(ByteBuffer from) {
    return UTF_8.decode(getBytes(from)).toString();
  }

  private static ByteBuffer getBytes(ByteBuffer from) {
    int length = within(from, from.getInt(), 1);
    ByteBuffer bytes = from.slice(from.position(), length);
    from.position(from.position() + length);
    return bytes;
  }

  private static List<ObjectId> getObjects(ByteBuffer from) {
    int count = within(from, from.getInt(), Limits.OBJECT_BYTES);
    List<ObjectId> objects = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      objects.add(new ObjectId(from.getLong(), from.getLong()));
    }
    return objects;
  }

  /** A count of things of this size, if so many can follow. */
  private static int within(ByteBuffer from, int count, int size) {
    if (count < 0 || count > from.remaining() / size) {
      throw new BufferUnderflowException();
    }
    return count;
  }
}
