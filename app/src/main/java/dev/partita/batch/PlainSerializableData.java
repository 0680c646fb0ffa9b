// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.operations.BatchRuntimeException;
import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jberet.spi.SerializableDataProvider;
import org.jspecify.annotations.Nullable;

/**
 * How checkpoints and user data become bytes. An exception is kept as its reason in the first line,
 * its text and its stack, so that reading it back never loads a class of the application;
 * everything else passes the allow-list of {@code jdk.serialFilter} on its way back. In the process
 * where it was thrown an exception stays itself, as listeners expect that ask a step context for
 * it.
 */
public final class PlainSerializableData implements SerializableDataProvider {
  private final SerializableDataProvider plain = new DefaultSerializableDataProvider();

  /** By the very bytes that stand for them, which JBeret keeps as long as the execution. */
  private final Map<byte[], Throwable> thrownHere =
      Collections.synchronizedMap(new WeakHashMap<>());

  @Override
  public byte[] objectToBytes(@Nullable Object value) throws IOException {
    if (!(value instanceof Throwable failure)) {
      return plain.objectToBytes(value);
    }
    byte[] bytes = plain.objectToBytes(textOf(failure));
    thrownHere.put(bytes, failure);
    return bytes;
  }

  @Override
  public Serializable bytesToObject(byte[] bytes, Class<?> type, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    Throwable known = thrownHere.get(bytes);
    return known == null ? plain.bytesToObject(bytes, type, loader) : known;
  }

  private static BatchRuntimeException textOf(Throwable failure) {
    StringBuilder text = new StringBuilder(FailureReason.of(failure)).append('\n').append(failure);
    Throwable cause = failure.getCause();
    for (int depth = 0; cause != null && depth < 10; depth++) {
      text.append("; caused by ").append(cause);
      cause = cause.getCause();
    }
    text.append(FailureReason.codes(failure));
    BatchRuntimeException plain =
        DatabaseLoss.causes(failure)
            ? new DatabaseLoss.Kept(text.toString())
            : new BatchRuntimeException(text.toString());
    plain.setStackTrace(failure.getStackTrace());
    return plain;
  }
}
