// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_writing;
import dev.partita.tensor.CoreStatus;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An object being written in place. Nobody sees it before {@link #seal}; closed without that, it
 * never was. Different threads may write different parts. Buffers must not be written after {@link
 * #seal} or {@link #close}.
 */
public final class ObjectWriter implements AutoCloseable {
  private final NativeStore store;
  private final ObjectId id;
  private final long address;
  private final long byteSize;
  private final long writer;
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Takes over one use of {@code store}. */
  ObjectWriter(NativeStore store, ptc_writing writing) {
    this.store = store;
    id = new ObjectId(writing.id_high(), writing.id_low());
    address = writing.data().address();
    byteSize = writing.bytes();
    writer = writing.writer();
  }

  public ObjectId id() {
    return id;
  }

  public long byteSize() {
    return byteSize;
  }

  /** Of the first byte, on a 64-byte boundary: for kernels that write in place. */
  public long address() {
    requireOpen();
    return address;
  }

  /** A writable view of part of the object, in native byte order; uninitialised at first. */
  public ByteBuffer buffer(long offsetBytes, int lengthBytes) {
    requireOpen();
    return NativeView.buffer(address, byteSize, offsetBytes, lengthBytes);
  }

  /** The object is there for everybody, and never changes again. */
  public ObjectId seal() {
    end();
    try {
      CoreStatus.check(PartitaCore.ptc_store_seal(store.entered(), writer));
    } finally {
      store.leave();
    }
    return id;
  }

  private void requireOpen() {
    if (ended.get()) {
      throw alreadyEnded();
    }
  }

  private void end() {
    if (ended.getAndSet(true)) {
      throw alreadyEnded();
    }
  }

  private PartitaException alreadyEnded() {
    return new PartitaException(
        ErrorCode.CONFLICT, "object " + id + " was sealed or abandoned: it cannot be written");
  }

  /** Abandons the object unless it was sealed. */
  @Override
  public void close() {
    if (!ended.getAndSet(true)) {
      try {
        CoreStatus.check(PartitaCore.ptc_store_abort(store.entered(), writer));
      } finally {
        store.leave();
      }
    }
  }
}
