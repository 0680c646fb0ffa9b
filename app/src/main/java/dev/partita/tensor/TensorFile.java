// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_tensor_file;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The tensors of a safetensors or ONNX file that nobody has vouched for, mapped: what is not sound
 * throws INVALID_ARGUMENT when it is opened. Any thread. The opener closes, after which a {@link
 * #view} may not be touched any more.
 */
public final class TensorFile implements AutoCloseable {
  /**
   * One tensor, row-major and little-endian.
   *
   * @param dtype the safetensors name, for example {@code F32}
   * @param offset from the start of the file; -1 if the file holds it in another form
   */
  public record Entry(String name, String dtype, List<Long> shape, long offset, long bytes) {}

  private final ptc_tensor_file handle;
  private final Map<String, Entry> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final ReadWriteLock life = new ReentrantReadWriteLock();

  private TensorFile(ptc_tensor_file handle) {
    this.handle = handle;
    for (int i = 0; i < PartitaCore.ptc_tensor_file_count(handle); i++) {
      Entry entry = entry(i);
      tensors.put(entry.name(), entry);
    }
    for (int k = 0; k < PartitaCore.ptc_tensor_file_metadata_count(handle); k++) {
      metadata.put(
          text(PartitaCore.ptc_tensor_file_metadata_key(handle, k)),
          text(PartitaCore.ptc_tensor_file_metadata_value(handle, k)));
    }
  }

  public static TensorFile safetensors(Path file) {
    NativeCore.load();
    ptc_tensor_file handle = new ptc_tensor_file();
    try (BytePointer path = TensorSet.utf8(file.toString())) {
      CoreStatus.checkFile(PartitaCore.ptc_safetensors_open(path, handle));
    }
    return new TensorFile(handle);
  }

  /**
   * The initialisers of a model. Anonymous weights have the names of the nodes they feed; metadata
   * {@code transposed:<name>} says that one is [in, out], see partita_files.h.
   */
  public static TensorFile onnx(Path file) {
    NativeCore.load();
    ptc_tensor_file handle = new ptc_tensor_file();
    try (BytePointer path = TensorSet.utf8(file.toString())) {
      CoreStatus.checkFile(PartitaCore.ptc_onnx_open(path, handle));
    }
    return new TensorFile(handle);
  }

  /** From the header of a safetensors file alone; offsets count from the byte behind it. */
  public static TensorFile safetensorsHeader(byte[] json, long dataBytes) {
    NativeCore.load();
    ptc_tensor_file handle = new ptc_tensor_file();
    try (BytePointer header = new BytePointer(Math.max(1, json.length))) {
      header.put(json);
      CoreStatus.checkFile(
          PartitaCore.ptc_safetensors_parse(header, json.length, dataBytes, handle));
    }
    return new TensorFile(handle);
  }

  /** By name, in the order of names. */
  public Map<String, Entry> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /**
   * A tensor in place, read-only, of at most 2 GiB - 1; valid until {@link #close}. A file that
   * others make shorter meanwhile kills the process.
   */
  public ByteBuffer view(String name) {
    life.readLock().lock();
    try {
      int index = index(name);
      int bytes = Math.toIntExact(PartitaCore.ptc_tensor_file_bytes(handle(), index));
      if (bytes == 0) {
        return ByteBuffer.allocateDirect(0);
      }
      Pointer data = PartitaCore.ptc_tensor_file_data(handle(), index);
      return new NativeBlock.Address(data.address(), bytes)
          .asByteBuffer()
          .asReadOnlyBuffer()
          .order(ByteOrder.LITTLE_ENDIAN);
    } finally {
      life.readLock().unlock();
    }
  }

  /** Copies a tensor into a direct buffer, whose position to limit it must fill. */
  public void read(String name, ByteBuffer target) {
    if (!target.isDirect()) {
      throw new IllegalArgumentException(name + " needs a direct buffer");
    }
    life.readLock().lock();
    try (Pointer start = new Pointer(target)) {
      Pointer to = new NativeBlock.Address(start.address() + target.position(), target.remaining());
      CoreStatus.checkFile(
          PartitaCore.ptc_tensor_file_read(handle(), index(name), to, target.remaining()));
    } finally {
      life.readLock().unlock();
    }
  }

  private int index(String name) {
    if (!tensors.containsKey(name)) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "no tensor " + name + ", only " + tensors.keySet());
    }
    try (BytePointer text = TensorSet.utf8(name)) {
      return PartitaCore.ptc_tensor_file_find(handle, text);
    }
  }

  private Entry entry(int i) {
    List<Long> shape = new ArrayList<>();
    LongPointer sizes = PartitaCore.ptc_tensor_file_shape(handle, i);
    for (int d = 0; d < PartitaCore.ptc_tensor_file_rank(handle, i); d++) {
      shape.add(sizes.get(d));
    }
    return new Entry(
        text(PartitaCore.ptc_tensor_file_name(handle, i)),
        PartitaCore.ptc_file_dtype_name(PartitaCore.ptc_tensor_file_dtype(handle, i)).getString(),
        List.copyOf(shape),
        PartitaCore.ptc_tensor_file_offset(handle, i),
        PartitaCore.ptc_tensor_file_bytes(handle, i));
  }

  private static String text(BytePointer utf8) {
    return utf8.getString(StandardCharsets.UTF_8);
  }

  private ptc_tensor_file handle() {
    if (handle.isNull()) {
      throw new IllegalStateException("closed");
    }
    return handle;
  }

  @Override
  public void close() {
    life.writeLock().lock();
    try {
      PartitaCore.ptc_tensor_file_close(handle);
      handle.setNull();
    } finally {
      life.writeLock().unlock();
    }
  }
}
