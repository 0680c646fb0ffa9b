// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.batch.operations.BatchRuntimeException;
import java.io.Serializable;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PlainSerializableDataTest {
  private final PlainSerializableData data = new PlainSerializableData();

  @Test
  void anExceptionStaysItselfWhereItWasThrownAndIsItsTextElsewhere() throws Exception {
    IllegalStateException thrown = new IllegalStateException("the disk is full");
    byte[] bytes = data.objectToBytes(thrown);
    assertThat(read(bytes)).isSameAs(thrown);
    assertThat(read(bytes.clone()))
        .isExactlyInstanceOf(BatchRuntimeException.class)
        .extracting(text -> ((Throwable) text).getMessage())
        .asString()
        .startsWith("IllegalStateException: the disk is full\n");
  }

  private Serializable read(byte[] bytes) throws Exception {
    return data.bytesToObject(
        bytes, Exception.class, Objects.requireNonNull(getClass().getClassLoader()));
  }
}
