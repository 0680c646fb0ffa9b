// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_store;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The core's handle, kept until the last user lets go of it: an object that is still open when its
 * store is closed stays readable.
 */
final class NativeStore {
  private final ptc_store handle;
  private final AtomicLong users = new AtomicLong(1);
  private final AtomicBoolean closed = new AtomicBoolean();

  NativeStore(ptc_store handle) {
    this.handle = handle;
  }

  /** The handle, valid until {@link #leave}. */
  ptc_store enter() {
    long before;
    do {
      before = users.get();
      if (before == 0 || closed.get()) {
        throw new PartitaException(ErrorCode.CONFLICT, "the object store is closed");
      }
    } while (!users.compareAndSet(before, before + 1));
    return handle;
  }

  /** The handle, for somebody who has entered and not left. */
  ptc_store entered() {
    return handle;
  }

  void leave() {
    if (users.decrementAndGet() == 0) {
      PartitaCore.ptc_store_close(handle);
    }
  }

  void close() {
    if (!closed.getAndSet(true)) {
      leave();
    }
  }
}
