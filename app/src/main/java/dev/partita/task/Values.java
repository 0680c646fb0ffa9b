// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.objectstore.Budget;
import dev.partita.objectstore.ObjectId;
import dev.partita.objectstore.ObjectStore;
import dev.partita.objectstore.ObjectWriter;
import dev.partita.objectstore.StoredObject;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values of Java as {@link Value}s and back. Byte arrays and buffers go as they are, everything
 * else as {@link Codec} has it; what is large goes into the arena, where a buffer is read in place.
 */
final class Values {
  private static final Duration ROOM = Duration.ofSeconds(30);
  private static final int PIECE = 1 << 30;
  private static final int SHORT = 8_192;
  private static final byte[] NO_METADATA = {};
  private static final Cleaner CLEANER = Cleaner.create();

  private final Codec codec;
  private final Supplier<ObjectStore> store;
  private final Supplier<String> holder;
  private final Transfers transfers;

  /**
   * Values of a pod.
   *
   * @param holder its life
   */
  Values(Codec codec, Supplier<ObjectStore> store, Supplier<String> holder, Transfers transfers) {
    this.codec = codec;
    this.store = store;
    this.holder = holder;
    this.transfers = transfers;
  }

  Codec codec() {
    return codec;
  }

  /** For use in this pod: itself if it is small and nobody can change it. */
  Value of(@Nullable Object object, JavaType type) {
    boolean itself =
        object == null
            || (object instanceof String text && text.length() <= SHORT)
            || object instanceof Number
            || object instanceof Boolean
            || object instanceof Enum;
    return itself ? new Value.Shared(object) : outgoing(object, type);
  }

  /** For another pod. May wait for room in the arena. */
  Value outgoing(@Nullable Object object, JavaType type) {
    if (object instanceof ByteBuffer buffer) {
      return buffer.remaining() <= Value.MAX_INLINE_BYTES
          ? new Value.Inline(bytes(buffer.duplicate()))
          : stored(buffer);
    }
    byte[] bytes = object instanceof byte[] raw ? raw.clone() : codec.encode(object, type);
    return bytes.length <= Value.MAX_INLINE_BYTES
        ? new Value.Inline(bytes)
        : stored(ByteBuffer.wrap(bytes));
  }

  /** As it can be sent. */
  Value outgoing(Value value, JavaType type) {
    return value instanceof Value.Shared shared ? outgoing(shared.object(), type) : value;
  }

  private Value stored(ByteBuffer bytes) {
    ObjectId id = store.get().put(Budget.STORE, bytes, NO_METADATA, ROOM);
    return new Value.Stored(id, bytes.remaining(), holder.get());
  }

  /**
   * The value itself; fetches what is in the arena of another pod.
   *
   * @throws PartitaException OBJECT_LOST if it is not there any more
   */
  @Nullable Object object(Value value, JavaType type) throws InterruptedException {
    if (value instanceof Value.Shared shared) {
      return shared.object();
    }
    if (value instanceof Value.Inline inline) {
      return fromBytes(inline.bytes(), type);
    }
    StoredObject object = transfers.get((Value.Stored) value);
    if (type.hasRawClass(ByteBuffer.class)) {
      return view(object);
    }
    try (object) {
      if (object.byteSize() > PIECE) {
        throw new PartitaException(
            ErrorCode.TOO_LARGE,
            "a value of "
                + object.byteSize()
                + " bytes cannot be read as "
                + type.toCanonical()
                + "; as ByteBuffer it can");
      }
      return fromBytes(bytes(object.view(0, (int) object.byteSize())), type);
    }
  }

  private @Nullable Object fromBytes(byte[] bytes, JavaType type) {
    if (type.hasRawClass(byte[].class)) {
      return bytes.clone();
    }
    if (type.hasRawClass(ByteBuffer.class)) {
      return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }
    return codec.decode(bytes, type);
  }

  /** Pinned for as long as anybody has the buffer, or a part of it. */
  private static ByteBuffer view(StoredObject object) {
    if (object.byteSize() > Integer.MAX_VALUE) {
      object.close();
      throw new PartitaException(
          ErrorCode.TOO_LARGE, "a buffer has at most 2 GiB: " + object.byteSize());
    }
    ByteBuffer view = object.view(0, (int) object.byteSize());
    CLEANER.register(view, object::close);
    return view.slice().order(view.order());
  }

  private static byte[] bytes(ByteBuffer from) {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return bytes;
  }

  /** Nobody needs what was made for us. */
  void delete(Value.Stored value) {
    try {
      store.get().delete(value.id());
    } catch (PartitaException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
  }

  /** A writer for bytes that come in pieces. */
  ObjectWriter writer(long byteSize) {
    return store.get().create(Budget.STORE, byteSize, NO_METADATA, ROOM);
  }
}
