// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_tensor_set;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Files of tensors, by address: what a {@link TensorSetWriter} writes and {@link #load} fills. The
 * tensors' memory stays the caller's; the set keeps its buffers from being collected. For one
 * thread; the opener closes.
 */
public final class TensorSet implements AutoCloseable {
  private static final Map<String, Integer> DTYPES = dtypes();

  private final ptc_tensor_set handle = new ptc_tensor_set();
  private final List<ByteBuffer> buffers = new ArrayList<>();

  public TensorSet() {
    CoreStatus.checkFile(PartitaCore.ptc_tensor_set_create(handle));
  }

  private static Map<String, Integer> dtypes() {
    NativeCore.load();
    Map<String, Integer> dtypes = new HashMap<>();
    for (int code = 0; PartitaCore.ptc_file_dtype_bytes(code) > 0; code++) {
      dtypes.put(PartitaCore.ptc_file_dtype_name(code).getString(), code);
    }
    return dtypes;
  }

  /** Begins a file; what is added from now on is in it. */
  public void file(String name, Map<String, String> metadata) {
    try (BytePointer text = utf8(name)) {
      CoreStatus.checkFile(PartitaCore.ptc_tensor_set_file(handle, text));
    }
    metadata.forEach(
        (key, value) -> {
          try (BytePointer k = utf8(key);
              BytePointer v = utf8(value)) {
            CoreStatus.checkFile(PartitaCore.ptc_tensor_set_metadata(handle, k, v));
          }
        });
  }

  /**
   * Adds a tensor to the file begun last.
   *
   * @param dtype a name of the safetensors format, for example {@code BF16}
   * @param bytes a direct buffer, whose position to limit are the tensor; null if only {@link
   *     #header} is wanted
   */
  public void add(String name, String dtype, List<Long> shape, @Nullable ByteBuffer bytes) {
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    Integer code = DTYPES.get(dtype);
    if (code == null || (bytes != null && !bytes.isDirect())) {
      throw new IllegalArgumentException(name + ": dtype " + dtype + ", buffer " + bytes);
    }
    try (BytePointer text = utf8(name);
        Pointer data = bytes == null ? new Pointer() : new Pointer(bytes)) {
      // Of a buffer, JavaCPP's pointer has the address of its first byte and our position apart.
      Pointer start =
          bytes == null
              ? data
              : new NativeBlock.Address(data.address() + bytes.position(), bytes.remaining());
      CoreStatus.checkFile(
          PartitaCore.ptc_tensor_set_add(handle, text, code, sizes.length, sizes, start));
    }
    if (bytes != null) {
      buffers.add(bytes);
    }
  }

  /** The first bytes of a file: its tensors, sent behind it in their order, complete it. */
  public byte[] header(int file) {
    Pointer start = new Pointer();
    long[] count = new long[1];
    CoreStatus.checkFile(PartitaCore.ptc_tensor_set_header(handle, file, start, count));
    byte[] header = new byte[Math.toIntExact(count[0])];
    new NativeBlock.Address(start.address(), count[0]).get(header);
    return header;
  }

  /**
   * Fills all tensors from a set that was committed in {@code folder}, once the checksums of its
   * files are found right.
   *
   * @throws dev.partita.error.PartitaException CHECKPOINT_CORRUPT, NOT_FOUND, INVALID_ARGUMENT when
   *     a tensor has another type or shape, STORAGE_FAILURE; nothing was changed
   */
  public void load(Path folder) {
    try (BytePointer path = utf8(folder.toString())) {
      CoreStatus.checkFile(PartitaCore.ptc_set_load(path, handle));
    }
  }

  ptc_tensor_set handle() {
    if (handle.isNull()) {
      throw new IllegalStateException("closed");
    }
    return handle;
  }

  static BytePointer utf8(String text) {
    return new BytePointer(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    PartitaCore.ptc_tensor_set_destroy(handle);
    handle.setNull();
    buffers.clear();
  }
}
