// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_stored;
import dev.partita.tensor.CoreStatus;
import dev.partita.tensor.NamedRegion;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A sealed object where it lies in the arena, pinned until closed. Any thread may read it. Buffers,
 * regions and addresses must not be used after {@link #close}: the memory may then belong to
 * another object. It is mapped read-only: who writes there is killed by a SIGSEGV.
 */
public final class StoredObject implements AutoCloseable {
  private final NativeStore store;
  private final ObjectId id;
  private final long address;
  private final long byteSize;
  private final long metadataAddress;
  private final int metadataBytes;
  private final long pin;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes over one use of {@code store}. */
  StoredObject(NativeStore store, ObjectId id, ptc_stored stored) {
    this.store = store;
    this.id = id;
    address = stored.data().address();
    byteSize = stored.bytes();
    metadataAddress = stored.metadata().address();
    metadataBytes = (int) stored.metadata_bytes();
    pin = stored.pin();
  }

  public ObjectId id() {
    return id;
  }

  /** Bytes of the payload. */
  public long byteSize() {
    return byteSize;
  }

  /** Of the payload's first byte, on a 64-byte boundary; the same for every get of this process. */
  public long address() {
    requireOpen();
    return address;
  }

  /** A read-only view of part of the payload, in native byte order, without a copy. */
  public ByteBuffer view(long offsetBytes, int lengthBytes) {
    requireOpen();
    ByteBuffer buffer = NativeView.buffer(address, byteSize, offsetBytes, lengthBytes);
    return buffer.asReadOnlyBuffer().order(buffer.order());
  }

  /** A copy of what was put beside the payload. */
  public byte[] metadata() {
    requireOpen();
    byte[] copy = new byte[metadataBytes];
    NativeView.buffer(metadataAddress, metadataBytes, 0, metadataBytes).get(copy);
    return copy;
  }

  /** What {@link TensorLayout#toMetadata} put beside the payload. */
  public TensorLayout layout() {
    return TensorLayout.parse(metadata());
  }

  /**
   * The payload as float32 values of this shape, at the same address: what kernels and libtorch
   * take without a copy. Valid until this object is closed; not to be written.
   */
  public NamedRegion region(String name, Long... shape) {
    requireOpen();
    long count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, size);
    }
    if (count < 0 || Math.multiplyExact(count, (long) Float.BYTES) != byteSize) {
      throw new IllegalArgumentException(
          "object " + id + " has " + byteSize + " bytes, not " + List.of(shape) + " float32");
    }
    return new NamedRegion(name, address, List.of(shape), byteSize);
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new PartitaException(ErrorCode.CONFLICT, "object " + id + " was let go of");
    }
  }

  /** Lets go of the object. Closing again does nothing. */
  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      try {
        CoreStatus.check(PartitaCore.ptc_store_release(store.entered(), pin));
      } finally {
        store.leave();
      }
    }
  }
}
