// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.cluster.PodSession;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.objectstore.Budget;
import dev.partita.objectstore.ObjectId;
import dev.partita.objectstore.ObjectStore;
import dev.partita.objectstore.ObjectWriter;
import dev.partita.objectstore.StoredObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Objects of other pods' arenas. An object crosses once, however many of this pod read it: the copy
 * stays until others need its place.
 */
final class Transfers {
  /** So that no array of it is large for the heap (half a region of G1). */
  private static final int PIECE_BYTES = 256 << 10;

  /** What of an object may be under way; above it the sender waits. */
  private static final long UNDER_WAY_BYTES = 8L << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final byte[] NO_METADATA = {};

  private final Supplier<ObjectStore> store;
  private final Supplier<String> holder;
  private final Function<String, @Nullable PodSession> sessions;
  private final Executor threads;
  private final long copiesLimitBytes;
  private final AtomicLong numbers;
  private final Timeline timeline;
  private final Map<Long, Incoming> incoming = new ConcurrentHashMap<>();
  private final LinkedHashMap<ObjectId, CompletableFuture<ObjectId>> copies =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Map<ObjectId, Long> copySizes = new ConcurrentHashMap<>();
  private long copiesBytes;
  private final AtomicLong receivedBytes = new AtomicLong();

  /**
   * Of a pod.
   *
   * @param sessions to the life of a pod that is named, or null
   * @param copiesLimitBytes of the arena that copies may take
   */
  Transfers(
      Supplier<ObjectStore> store,
      Supplier<String> holder,
      Function<String, @Nullable PodSession> sessions,
      Executor threads,
      AtomicLong numbers,
      Timeline timeline,
      long copiesLimitBytes) {
    this.store = store;
    this.holder = holder;
    this.sessions = sessions;
    this.threads = threads;
    this.numbers = numbers;
    this.timeline = timeline;
    this.copiesLimitBytes = copiesLimitBytes;
  }

  /** An object that is coming. State belongs to the thread that receives. */
  private static final class Incoming {
    final Value.Stored value;
    final CompletableFuture<ObjectId> done;
    final long beganNanos = System.nanoTime();
    @Nullable ObjectWriter writer;
    long received;

    Incoming(Value.Stored value, CompletableFuture<ObjectId> done) {
      this.value = value;
      this.done = done;
    }
  }

  /**
   * The object, pinned in this pod's arena; waits for it if it has to come.
   *
   * @throws PartitaException OBJECT_LOST if its pod is gone or has it no more
   */
  StoredObject get(Value.Stored value) throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      ObjectId id = value.holder().equals(holder.get()) ? value.id() : copy(value);
      try {
        return store.get().get(id, Duration.ZERO);
      } catch (PartitaException e) {
        // A copy may have had to go the moment it was there.
        if (id.equals(value.id()) || attempt == 3) {
          throw e.code() == ErrorCode.NOT_FOUND ? lost(value, "it is not there any more") : e;
        }
      }
    }
  }

  private static PartitaException lost(Value.Stored value, String why) {
    return new PartitaException(
        ErrorCode.OBJECT_LOST,
        "object " + value.id() + " of pod " + value.holder() + " is lost: " + why);
  }

  private ObjectId copy(Value.Stored value) throws InterruptedException {
    CompletableFuture<ObjectId> mine = new CompletableFuture<>();
    CompletableFuture<ObjectId> copy;
    synchronized (copies) {
      CompletableFuture<ObjectId> known = copies.get(value.id());
      if (known != null && known.isDone() && !stillThere(known)) {
        forget(value.id());
        known = null;
      }
      copy = known == null ? mine : known;
      if (known == null) {
        copies.put(value.id(), mine);
      }
    }
    if (copy == mine) {
      ask(value, mine);
    }
    try {
      return copy.get();
    } catch (ExecutionException e) {
      synchronized (copies) {
        copies.remove(value.id(), copy);
      }
      throw lost(value, String.valueOf(e.getCause()));
    }
  }

  private boolean stillThere(CompletableFuture<ObjectId> copy) {
    return !copy.isCompletedExceptionally() && store.get().contains(copy.join());
  }

  private void ask(Value.Stored value, CompletableFuture<ObjectId> done) {
    PodSession session = sessions.apply(value.holder());
    if (session == null) {
      done.completeExceptionally(new IllegalStateException("its pod is gone"));
      return;
    }
    long number = numbers.incrementAndGet();
    incoming.put(number, new Incoming(value, done));
    session.send(FrameCodec.write(new Frame.Fetch(number, value.id())));
  }

  // ---- the receiver

  void received(Frame.Piece piece) {
    Incoming object = incoming.get(piece.number());
    if (object == null) {
      return;
    }
    try {
      add(object, piece);
    } catch (PartitaException | IllegalArgumentException e) {
      failed(piece.number(), String.valueOf(e.getMessage()));
    }
  }

  private void add(Incoming object, Frame.Piece piece) {
    CRC32C sum = new CRC32C();
    sum.update(piece.bytes().duplicate());
    if ((int) sum.getValue() != piece.crc32c()
        || piece.totalBytes() != object.value.byteSize()
        || piece.offset() != object.received
        || piece.bytes().remaining() > piece.totalBytes() - piece.offset()) {
      throw new IllegalArgumentException("what came is damaged, at byte " + object.received);
    }
    ObjectWriter writer = object.writer;
    if (writer == null) {
      makeRoom(piece.totalBytes());
      writer = store.get().create(Budget.STORE, piece.totalBytes(), NO_METADATA, PATIENCE);
      object.writer = writer;
    }
    int size = piece.bytes().remaining();
    if (size > 0) {
      writer.buffer(piece.offset(), size).put(piece.bytes().duplicate());
    }
    object.received += size;
    receivedBytes.addAndGet(size);
    if (object.received == piece.totalBytes()) {
      incoming.remove(piece.number());
      ObjectId id = writer.seal();
      synchronized (copies) {
        copySizes.put(object.value.id(), piece.totalBytes());
        copiesBytes += piece.totalBytes();
      }
      object.done.complete(id);
      timeline.add(
          TimelineEvent.Kind.TRANSFER,
          "object " + object.value.id() + " of " + object.value.holder(),
          object.beganNanos);
    }
  }

  private void makeRoom(long bytes) {
    synchronized (copies) {
      var oldest = copies.entrySet().iterator();
      while (copiesBytes + bytes > copiesLimitBytes && oldest.hasNext()) {
        var entry = oldest.next();
        Long size = copySizes.remove(entry.getKey());
        if (size != null) {
          copiesBytes -= size;
          oldest.remove();
          delete(entry.getValue());
        }
      }
    }
  }

  /** The object is not needed any more: neither is the copy. */
  void forget(ObjectId id) {
    synchronized (copies) {
      CompletableFuture<ObjectId> copy = copies.remove(id);
      Long size = copySizes.remove(id);
      copiesBytes -= size == null ? 0 : size;
      if (copy != null) {
        delete(copy);
      }
    }
  }

  private void delete(CompletableFuture<ObjectId> copy) {
    var unused =
        copy.thenAccept(
            id -> {
              if (store.get().contains(id)) {
                store.get().delete(id);
              }
            });
  }

  /** It will not come. */
  boolean failed(long number, String why) {
    Incoming object = incoming.remove(number);
    if (object == null) {
      return false;
    }
    if (object.writer != null) {
      object.writer.close();
    }
    object.done.completeExceptionally(new IllegalStateException(why));
    return true;
  }

  /** A pod is gone: nothing of it comes any more. */
  void gone(String peer, String why) {
    incoming.forEach(
        (number, object) -> {
          if (object.value.holder().equals(peer)) {
            failed(number, "its pod is gone (" + why + ")");
          }
        });
  }

  // ---- the sender

  /** Another pod asks for one of ours. */
  void serve(PodSession session, Frame.Fetch asked) {
    threads.execute(() -> send(session, asked));
  }

  private void send(PodSession session, Frame.Fetch asked) {
    try (StoredObject object = store.get().get(asked.id(), Duration.ZERO)) {
      long offset = 0;
      do {
        int size = (int) Math.min(PIECE_BYTES, object.byteSize() - offset);
        ByteBuffer part = object.view(offset, size);
        CRC32C sum = new CRC32C();
        sum.update(part.duplicate());
        session.awaitRoom(UNDER_WAY_BYTES);
        session.send(
            FrameCodec.write(
                new Frame.Piece(
                    asked.number(), object.byteSize(), offset, (int) sum.getValue(), part)));
        offset += size;
      } while (offset < object.byteSize());
    } catch (PartitaException e) {
      session.send(
          FrameCodec.write(
              new Frame.Failed(
                  asked.number(), Failures.of(e.code(), String.valueOf(e.getMessage())))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  long receivedBytes() {
    return receivedBytes.get();
  }

  int underWay() {
    return incoming.size();
  }
}
