// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_image_form;
import dev.partita.nativecore.ptc_pool;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;

/**
 * JPEG and PNG files to a batch [images, channels, height, width], float32: decoded, resized
 * (antialiased bilinear) and normalised by the threads of a pool. Several threads may share one
 * decoder; they take turns. The opener closes.
 */
public final class ImageDecoder implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final int MESSAGE_BYTES = PartitaCore.PTC_IMAGE_MESSAGE_BYTES;

  private final ptc_pool pool = new ptc_pool();
  private final ptc_image_form form;
  private final long imageBytes;

  /**
   * What a batch looks like.
   *
   * @param crop whether the largest part of that shape is taken from the middle; else the image is
   *     stretched
   * @param maxPixels an image whose header claims more is refused before anything is allocated
   * @param mean of each channel (1 or 3 of them), for values from 0 to 1
   * @param deviation of each channel, 1e-6 to 1e6
   */
  public record Form(
      int width, int height, boolean crop, int maxPixels, List<Float> mean, List<Float> deviation) {
    public Form {
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
      if (mean.size() != deviation.size()) {
        throw new IllegalArgumentException("mean " + mean + ", deviation " + deviation);
      }
    }
  }

  /** An image that could not be read; zeros stand in its place. */
  public record Failure(int image, String reason) {}

  /**
   * @param threads that share a batch, 1 to 64, the caller's among them
   */
  public ImageDecoder(Form wanted, int threads) {
    NativeCore.load();
    form =
        new ptc_image_form()
            .width(wanted.width())
            .height(wanted.height())
            .channels(wanted.mean().size())
            .fit(wanted.crop() ? PartitaCore.PTC_IMAGE_CROP : PartitaCore.PTC_IMAGE_STRETCH)
            .dtype(PartitaCore.PTC_FLOAT32)
            .max_pixels(wanted.maxPixels());
    for (int c = 0; c < Math.min(3, wanted.mean().size()); c++) {
      form.mean(c, wanted.mean().get(c)).deviation(c, wanted.deviation().get(c));
    }
    imageBytes = PartitaCore.ptc_image_bytes(form);
    if (imageBytes < 0) {
      String reason = PartitaCore.ptc_last_error().getString();
      form.close();
      throw new IllegalArgumentException(reason);
    }
    CoreStatus.check(PartitaCore.ptc_pool_create(threads, TIMEOUT_MILLIS, pool));
  }

  /** Bytes of one image in a batch. */
  public long imageBytes() {
    return imageBytes;
  }

  /**
   * Decodes each file, from its buffer's position to its limit, to its place in {@code batch}, a
   * direct buffer with room for all from its position on.
   *
   * @return the images that could not be read, in order; the others are not touched by them
   */
  public List<Failure> decode(List<ByteBuffer> files, ByteBuffer batch) {
    int count = files.size();
    if (!batch.isDirect() || batch.remaining() < count * imageBytes) {
      throw new IllegalArgumentException(count + " images do not fit into " + batch);
    }
    if (count == 0) {
      return List.of();
    }
    long[] addresses = new long[count];
    long[] lengths = new long[count];
    List<ByteBuffer> alive = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ByteBuffer file = direct(files.get(i));
      alive.add(file);
      addresses[i] = address(file);
      lengths[i] = file.remaining();
    }
    int[] statuses = new int[count];
    byte[] messages = new byte[count * MESSAGE_BYTES];
    CoreStatus.check(
        PartitaCore.ptc_image_batch(
            pool(),
            form,
            count,
            addresses,
            lengths,
            new NativeBlock.Address(address(batch), batch.remaining()),
            statuses,
            messages));
    alive.forEach(Reference::reachabilityFence);
    List<Failure> failures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (statuses[i] != PartitaCore.PTC_OK) {
        failures.add(new Failure(i, message(messages, i * MESSAGE_BYTES)));
      }
    }
    return failures;
  }

  private static ByteBuffer direct(ByteBuffer file) {
    if (file.isDirect()) {
      return file;
    }
    return ByteBuffer.allocateDirect(file.remaining()).put(file.duplicate()).flip();
  }

  private static long address(ByteBuffer direct) {
    try (Pointer start = new Pointer(direct)) {
      return start.address() + direct.position();
    }
  }

  private static String message(byte[] messages, int from) {
    int end = from;
    while (messages[end] != 0) {
      end++;
    }
    return new String(messages, from, end - from, StandardCharsets.UTF_8);
  }

  private ptc_pool pool() {
    if (pool.isNull()) {
      throw new IllegalStateException("closed");
    }
    return pool;
  }

  @Override
  public void close() {
    PartitaCore.ptc_pool_destroy(pool);
    pool.setNull();
    form.close();
  }
}
