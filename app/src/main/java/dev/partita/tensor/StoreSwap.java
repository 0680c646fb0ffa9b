// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.StringVector;

/**
 * Makes the stores of several processes hold the same keys, by telling the others what each finds
 * new in its own. For the few keys by which c10d's processes find each other.
 */
final class StoreSwap {
  private static final long PAUSE_MILLIS = 2;

  private final Store store;
  private final GlooGroup.Swap swap;
  private final Set<String> known = new HashSet<>();

  StoreSwap(Store store, GlooGroup.Swap swap) {
    this.store = store;
    this.swap = swap;
  }

  /** Swaps until this holds in every process. */
  void until(BooleanSupplier done) {
    boolean all = false;
    while (!all) {
      all = true;
      for (byte[] theirs : swap.all(news(done.getAsBoolean()))) {
        all &= take(theirs);
      }
      pause();
    }
  }

  private byte[] news(boolean done) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes);
        StringVector keys = store.listKeys()) {
      out.writeBoolean(done);
      for (long i = 0; i < keys.size(); i++) {
        String key = keys.get(i).getString();
        if (isThere(key) && known.add(key)) {
          try (ByteVector value = store.get(key)) {
            out.writeUTF(key);
            out.writeInt((int) value.size());
            for (long at = 0; at < value.size(); at++) {
              out.writeByte(value.get(at));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A FileStore lists keys of its own, too, by names under which nobody finds them. */
  private boolean isThere(String key) {
    try (StringVector one = new StringVector(key)) {
      return store.check(one);
    }
  }

  /** Returns whether that process is done. */
  private boolean take(byte[] theirs) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(theirs))) {
      boolean done = in.readBoolean();
      while (in.available() > 0) {
        String key = in.readUTF();
        byte[] value = in.readNBytes(in.readInt());
        if (known.add(key)) {
          try (ByteVector vector = new ByteVector(value)) {
            store.set(key, vector);
          }
        }
      }
      return done;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
