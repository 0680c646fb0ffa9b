// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.batch.operations.BatchRuntimeException;
import java.io.IOException;
import java.io.Serializable;
import org.jberet.spi.SerializableDataProvider;
import org.jspecify.annotations.Nullable;

/**
 * How checkpoints and user data become bytes. An exception is kept as its reason in the first line,
 * its text and its stack, so that reading it back never loads a class of the application;
 * everything else passes the allow-list of {@code jdk.serialFilter} on its way back.
 */
public final class PlainSerializableData implements SerializableDataProvider {
  private final SerializableDataProvider plain = new DefaultSerializableDataProvider();

  @Override
  public byte[] objectToBytes(@Nullable Object value) throws IOException {
    return plain.objectToBytes(value instanceof Throwable failure ? textOf(failure) : value);
  }

  @Override
  public Serializable bytesToObject(byte[] bytes, Class<?> type, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    return plain.bytesToObject(bytes, type, loader);
  }

  private static BatchRuntimeException textOf(Throwable failure) {
    StringBuilder text = new StringBuilder(FailureReason.of(failure)).append('\n').append(failure);
    Throwable cause = failure.getCause();
    for (int depth = 0; cause != null && depth < 10; depth++) {
      text.append("; caused by ").append(cause);
      cause = cause.getCause();
    }
    text.append(FailureReason.codes(failure));
    BatchRuntimeException plain = new BatchRuntimeException(text.toString());
    plain.setStackTrace(failure.getStackTrace());
    return plain;
  }
}
