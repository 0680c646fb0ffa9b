// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a tensor's bytes mean, kept as an object's metadata in the form {@code float32[2,3]}:
 * row-major, native byte order.
 *
 * @param shape sizes of the dimensions, outermost first; at most 8, none negative
 */
public record TensorLayout(ElementType type, List<Long> shape) {
  private static final Pattern FORM =
      Pattern.compile("([a-z0-9]{1,16})\\[((\\d{1,18})(,\\d{1,18})*)?]");
  private static final int MAX_RANK = 8;

  /** Element types, named as in NumPy and libtorch. */
  public enum ElementType {
    FLOAT32(4),
    FLOAT64(8),
    FLOAT16(2),
    BFLOAT16(2),
    INT64(8),
    INT32(4),
    INT16(2),
    INT8(1),
    UINT8(1),
    BOOL(1);

    private final int byteSize;

    ElementType(int byteSize) {
      this.byteSize = byteSize;
    }

    public int byteSize() {
      return byteSize;
    }
  }

  public TensorLayout {
    shape = List.copyOf(shape);
    if (shape.size() > MAX_RANK || shape.stream().anyMatch(size -> size < 0)) {
      throw new IllegalArgumentException("shape " + shape + ": at most 8 sizes, none negative");
    }
  }

  /** Bytes of the payload; throws ArithmeticException where that is above 2^63. */
  public long byteSize() {
    long bytes = type.byteSize();
    for (long size : shape) {
      bytes = Math.multiplyExact(bytes, size);
    }
    return bytes;
  }

  public byte[] toMetadata() {
    return toString().getBytes(US_ASCII);
  }

  /** The layout that {@link #toMetadata} wrote; anything else is an IllegalArgumentException. */
  public static TensorLayout parse(byte[] metadata) {
    String text = new String(metadata, US_ASCII);
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("no tensor layout: " + text);
    }
    String sizes = match.group(2) == null ? "" : match.group(2);
    List<Long> shape =
        Arrays.stream(sizes.split(",", -1)).filter(s -> !s.isEmpty()).map(Long::valueOf).toList();
    return new TensorLayout(ElementType.valueOf(match.group(1).toUpperCase(Locale.ROOT)), shape);
  }

  @Override
  public String toString() {
    return type.name().toLowerCase(Locale.ROOT)
        + shape.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }
}
