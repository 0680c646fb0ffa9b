// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.NativeMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreTest {
  private static final long MIB = 1 << 20;
  private static final Duration NO_WAIT = Duration.ZERO;
  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final byte[] NO_METADATA = {};

  @TempDir Path temp;

  private ObjectStore open(long bytes) {
    return ObjectStore.open(temp.resolve("store"), bytes, temp.resolve("spill"), PATIENT);
  }

  private static byte[] content(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(ObjectStore store, ObjectId id) {
    try (StoredObject object = store.get(id, PATIENT)) {
      byte[] bytes = new byte[(int) object.byteSize()];
      object.view(0, bytes.length).get(bytes);
      return bytes;
    }
  }

  private static void assertCode(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @Test
  void whatWasPutIsGot() {
    try (ObjectStore store = open(4 * MIB)) {
      byte[] bytes = content(1, 100_000);
      ObjectId heap =
          store.put(Budget.STORE, ByteBuffer.wrap(bytes), "beside".getBytes(UTF_8), NO_WAIT);
      ByteBuffer outside = ByteBuffer.allocateDirect(bytes.length + 10);
      outside.position(10).put(bytes).position(10);
      ObjectId direct = store.put(Budget.STORE, outside, NO_METADATA, NO_WAIT);
      assertThat(read(store, heap)).isEqualTo(bytes);
      assertThat(read(store, direct)).isEqualTo(bytes);
      try (StoredObject object = store.get(heap, NO_WAIT)) {
        assertThat(object.metadata()).asString(UTF_8).isEqualTo("beside");
        assertThat(object.id()).isEqualTo(heap).isEqualTo(ObjectId.parse(heap.toString()));
      }
      ObjectId empty = store.put(Budget.STORE, ByteBuffer.allocate(0), NO_METADATA, NO_WAIT);
      assertThat(read(store, empty)).isEmpty();
    }
  }

  @Test
  void aSealedObjectIsATensorAtTheSameAddress() {
    TensorLayout layout = new TensorLayout(TensorLayout.ElementType.FLOAT32, List.of(2L, 3L));
    try (ObjectStore store = open(4 * MIB)) {
      ObjectId id;
      try (ObjectWriter writer =
          store.create(Budget.STORE, layout.byteSize(), layout.toMetadata(), NO_WAIT)) {
        for (int i = 0; i < 6; i++) {
          writer.buffer(0, 24).putFloat(4 * i, i + 0.5f);
        }
        id = writer.seal();
      }
      try (StoredObject object = store.get(id, NO_WAIT);
          Floats floats = new Floats(object.address());
          Tensor tensor =
              torch.from_blob(
                  floats, new long[] {2, 3}, new TensorOptions(torch.ScalarType.Float));
          Pointer data = tensor.data_ptr()) {
        assertThat(object.layout()).isEqualTo(layout);
        assertThat(data.address()).isEqualTo(object.address());
        assertThat(object.region("x", 2L, 3L).address()).isEqualTo(object.address());
        assertThat(tensor.sum().item_float()).isEqualTo(18f);
      }
    }
  }

  /** What lies at an address. */
  private static final class Floats extends FloatPointer {
    Floats(long address) {
      super((Pointer) null);
      this.address = address;
    }
  }

  @Test
  void anObjectIsSeenOnceSealedAndNeverAgainWritten() {
    try (ObjectStore store = open(4 * MIB)) {
      ObjectWriter writer = store.create(Budget.STORE, 100, NO_METADATA, NO_WAIT);
      assertThat(store.contains(writer.id())).isFalse();
      assertCode(ErrorCode.TIMEOUT, () -> store.get(writer.id(), NO_WAIT));
      assertCode(ErrorCode.CONFLICT, () -> store.delete(writer.id()));
      writer.seal();
      assertThat(store.contains(writer.id())).isTrue();
      assertCode(ErrorCode.CONFLICT, () -> writer.buffer(0, 1));
      assertCode(ErrorCode.CONFLICT, writer::seal);
      writer.close();
      assertThat(store.contains(writer.id())).isTrue();
      try (StoredObject object = store.get(writer.id(), NO_WAIT)) {
        assertThatThrownBy(() -> object.view(0, 1).put(0, (byte) 1))
            .isInstanceOf(ReadOnlyBufferException.class);
        assertThatThrownBy(() -> object.view(90, 11)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(object.view(0, 8).order()).isEqualTo(ByteOrder.nativeOrder());
      }
    }
  }

  @Test
  void anAbandonedWriterLeavesNothing() {
    try (ObjectStore store = open(4 * MIB)) {
      store.create(Budget.STORE, MIB, NO_METADATA, NO_WAIT).close();
      assertThat(store.statistics().usedBytes()).isZero();
      assertThat(store.list()).isEmpty();
    }
  }

  @Test
  void closingTwiceLetsGoOnce() {
    try (ObjectStore store = open(4 * MIB)) {
      ObjectId id = store.put(Budget.STORE, ByteBuffer.allocate(10), NO_METADATA, NO_WAIT);
      StoredObject first = store.get(id, NO_WAIT);
      StoredObject second = store.get(id, NO_WAIT);
      first.close();
      first.close();
      assertThat(store.list())
          .singleElement()
          .extracting(ObjectInfo::pinningProcesses)
          .isEqualTo(1);
      assertCode(ErrorCode.CONFLICT, first::address);
      second.close();
      assertThat(store.list())
          .singleElement()
          .extracting(ObjectInfo::pinningProcesses)
          .isEqualTo(0);
    }
  }

  @Test
  void anOpenObjectOutlivesItsStore() {
    long before = NativeMemory.heldBytes();
    ObjectStore store = open(4 * MIB);
    ObjectId id = store.put(Budget.STORE, ByteBuffer.wrap(content(1, 50)), NO_METADATA, NO_WAIT);
    try (StoredObject object = store.get(id, NO_WAIT)) {
      store.close();
      store.close();
      byte[] bytes = new byte[50];
      object.view(0, 50).get(bytes);
      assertThat(bytes).isEqualTo(content(1, 50));
      assertCode(ErrorCode.CONFLICT, () -> store.contains(id));
    }
    assertThat(NativeMemory.heldBytes()).isEqualTo(before);
  }

  @Test
  void aFullBudgetIsAnErrorThatNamesWhoHoldsTheBytes() {
    try (ObjectStore store = open(8 * MIB)) {
      Budget job = store.budget("blue/job", 2 * MIB);
      assertCode(ErrorCode.OUT_OF_MEMORY, () -> store.create(job, 3 * MIB, NO_METADATA, NO_WAIT));
      try (ObjectWriter writer = store.create(job, 2 * MIB, NO_METADATA, NO_WAIT)) {
        assertThatThrownBy(() -> store.create(job, MIB, NO_METADATA, Duration.ofMillis(1)))
            .hasMessageContaining("budget 'blue/job' holds 2.0 MiB of 2.0 MiB")
            .hasMessageContaining("being written by process " + ProcessHandle.current().pid());
        assertCode(ErrorCode.CONFLICT, () -> store.remove(job));
        assertThat(writer.byteSize()).isEqualTo(2 * MIB);
      }
      store.remove(job);
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> store.remove(job));
    }
  }

  @Test
  void moreThanFitsIsSpilledAndComesBack() {
    try (ObjectStore store = open(4 * MIB)) {
      List<ObjectId> ids = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        ids.add(
            store.put(Budget.STORE, ByteBuffer.wrap(content(i, (int) MIB)), NO_METADATA, PATIENT));
      }
      assertThat(store.statistics().spilledObjects()).isGreaterThanOrEqualTo(8);
      assertThat(store.await(ids, 12, NO_WAIT)).hasSize(12);
      for (int i = 0; i < 12; i++) {
        assertThat(read(store, ids.get(i))).isEqualTo(content(i, (int) MIB));
      }
    }
  }

  @Test
  void aLostSpillFileIsALostObject() throws IOException {
    try (ObjectStore store = open(2 * MIB)) {
      ObjectId id = store.put(Budget.STORE, ByteBuffer.allocate((int) MIB), NO_METADATA, PATIENT);
      store.create(Budget.STORE, 2 * MIB, NO_METADATA, PATIENT).close();
      Files.delete(temp.resolve("spill").resolve(id + ".object"));
      assertCode(ErrorCode.OBJECT_LOST, () -> store.get(id, PATIENT));
      store.delete(id);
      assertCode(ErrorCode.NOT_FOUND, () -> store.get(id, NO_WAIT));
    }
  }

  @Test
  void whatIsNotAnObjectIsNotFound() {
    try (ObjectStore store = open(2 * MIB)) {
      ObjectId forged = new ObjectId(-1, Long.MIN_VALUE);
      assertCode(ErrorCode.NOT_FOUND, () -> store.get(forged, NO_WAIT));
      assertCode(ErrorCode.NOT_FOUND, () -> store.delete(forged));
      assertThat(store.await(List.of(forged), 1, Duration.ofMillis(1))).isEmpty();
      assertCode(
          ErrorCode.INVALID_ARGUMENT, () -> store.create(Budget.STORE, -1, NO_METADATA, NO_WAIT));
      assertCode(
          ErrorCode.OUT_OF_MEMORY,
          () -> store.create(Budget.STORE, Long.MAX_VALUE, NO_METADATA, NO_WAIT));
      assertCode(
          ErrorCode.INVALID_ARGUMENT,
          () -> store.create(Budget.STORE, 1, new byte[65_536], NO_WAIT));
    }
  }
}
