// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

import dev.partita.config.StoreConfig;
import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_object_info;
import dev.partita.nativecore.ptc_store;
import dev.partita.nativecore.ptc_store_statistics;
import dev.partita.nativecore.ptc_stored;
import dev.partita.nativecore.ptc_writing;
import dev.partita.tensor.CoreStatus;
import dev.partita.tensor.NativeCore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.jspecify.annotations.Nullable;

/**
 * This process's membership in an arena of shared objects. Any thread may use it.
 *
 * <p>Errors are {@link dev.partita.error.PartitaException}: NOT_FOUND; CONFLICT for what the
 * object's state does not allow; TIMEOUT where room or an object did not come in time, naming who
 * holds the bytes; OUT_OF_MEMORY where it can never fit; OBJECT_LOST where a spilled object is
 * damaged; STORAGE_FAILURE where a disk or a descriptor is not to be had. Each concerns its call
 * only.
 */
public final class ObjectStore implements AutoCloseable {
  private static final int LIST_PAGE = 256;

  /** One of each for each thread: what the core answers is read before the next call. */
  private static final ThreadLocal<ptc_stored> STORED = ThreadLocal.withInitial(ptc_stored::new);

  private static final ThreadLocal<ptc_writing> WRITING = ThreadLocal.withInitial(ptc_writing::new);

  private final NativeStore store;

  private ObjectStore(NativeStore store) {
    this.store = store;
  }

  /** As configured by {@code partita.store.*}. */
  public static ObjectStore open(StoreConfig config) {
    return open(
        config.directory(), config.arenaBytes(), config.spillDirectory(), config.openTimeout());
  }

  /**
   * Joins the arena of the processes that opened {@code folder}, or makes one, which takes its
   * memory in the background when this process puts its first object.
   *
   * @param folder made if need be; must belong to this user and be writable for nobody else
   * @param arenaBytes of a new arena, 1 MiB to 255 GiB; ignored when joining
   * @param spillFolder where objects that nobody holds go when the arena is full; null: nowhere
   * @throws dev.partita.error.PartitaException FORBIDDEN where another user is in the way
   */
  public static ObjectStore open(
      Path folder, long arenaBytes, @Nullable Path spillFolder, Duration timeout) {
    NativeCore.version(); // loads the core
    ptc_store handle = new ptc_store();
    try (BytePointer path = new BytePointer(folder.toString());
        BytePointer spill = new BytePointer(spillFolder == null ? "" : spillFolder.toString())) {
      CoreStatus.check(
          PartitaCore.ptc_store_open(
              path,
              arenaBytes,
              spill,
              PartitaCore.PTC_STORE_PREFAULT_ON_CREATE,
              millis(timeout),
              handle));
    }
    return new ObjectStore(new NativeStore(handle));
  }

  /**
   * The budget of a tenant, or of a tenant's job as {@code tenant/job}, made if need be.
   *
   * @param limitBytes of the arena from now on; 0: only what is above it limits it
   */
  public Budget budget(String name, long limitBytes) {
    int[] number = new int[1];
    try (BytePointer text = new BytePointer(name)) {
      CoreStatus.check(
          in(handle -> PartitaCore.ptc_store_budget(handle, text, limitBytes, number)));
    }
    return new Budget(number[0]);
  }

  /** Forgets a budget; CONFLICT while objects or other budgets belong to it. */
  public void remove(Budget budget) {
    CoreStatus.check(in(handle -> PartitaCore.ptc_store_budget_remove(handle, budget.number())));
  }

  /**
   * Room for an object, to be written in place; waits up to {@code timeout} for it.
   *
   * @param metadata at most 65535 bytes, kept beside the payload
   */
  public ObjectWriter create(Budget budget, long byteSize, byte[] metadata, Duration timeout) {
    ptc_writing writing = WRITING.get();
    ptc_store handle = store.enter();
    try (BytePointer beside = new BytePointer(metadata)) {
      CoreStatus.check(
          PartitaCore.ptc_store_create(
              handle,
              budget.number(),
              0,
              0,
              byteSize,
              beside,
              metadata.length,
              millis(timeout),
              writing));
      return new ObjectWriter(store, writing);
    } catch (Throwable e) {
      store.leave();
      throw e;
    }
  }

  /** Copies what remains in {@code content}, whose position does not move. */
  public ObjectId put(Budget budget, ByteBuffer content, byte[] metadata, Duration timeout) {
    if (!content.isDirect()) {
      try (ObjectWriter writer = create(budget, content.remaining(), metadata, timeout)) {
        writer.buffer(0, content.remaining()).put(content.duplicate());
        return writer.seal();
      }
    }
    long[] high = new long[1];
    long[] low = new long[1];
    try (BytePointer bytes = new BytePointer(content);
        BytePointer beside = new BytePointer(metadata)) {
      CoreStatus.check(
          in(
              handle ->
                  PartitaCore.ptc_store_put(
                      handle,
                      budget.number(),
                      0,
                      0,
                      bytes,
                      content.remaining(),
                      beside,
                      metadata.length,
                      millis(timeout),
                      high,
                      low)));
    }
    return new ObjectId(high[0], low[0]);
  }

  /** The object, pinned until the result is closed; waits until it is sealed or restored. */
  public StoredObject get(ObjectId id, Duration timeout) {
    ptc_stored stored = STORED.get();
    ptc_store handle = store.enter();
    try {
      CoreStatus.check(
          PartitaCore.ptc_store_get(handle, id.high(), id.low(), millis(timeout), stored));
      return new StoredObject(store, id, stored);
    } catch (Throwable e) {
      store.leave();
      throw e;
    }
  }

  /** Whether the object is sealed, be it in the arena or spilled. */
  public boolean contains(ObjectId id) {
    int[] there = new int[1];
    CoreStatus.check(
        in(handle -> PartitaCore.ptc_store_contains(handle, id.high(), id.low(), there)));
    return there[0] != 0;
  }

  /** The id is free at once, the bytes when nobody holds the object any more. */
  public void delete(ObjectId id) {
    CoreStatus.check(in(handle -> PartitaCore.ptc_store_delete(handle, id.high(), id.low())));
  }

  /** Waits until {@code needed} of these are sealed, or for {@code timeout}: those that are. */
  public Set<ObjectId> await(List<ObjectId> ids, int needed, Duration timeout) {
    long[] pairs = new long[2 * ids.size()];
    for (int i = 0; i < ids.size(); i++) {
      pairs[2 * i] = ids.get(i).high();
      pairs[2 * i + 1] = ids.get(i).low();
    }
    byte[] ready = new byte[ids.size()];
    // Not as arrays: those would be copied twice.
    try (LongPointer idPointer = new LongPointer(pairs);
        BytePointer readyPointer = new BytePointer(ready);
        IntPointer count = new IntPointer(1)) {
      CoreStatus.check(
          in(
              handle ->
                  PartitaCore.ptc_store_wait(
                      handle,
                      idPointer,
                      ids.size(),
                      needed,
                      millis(timeout),
                      readyPointer,
                      count)));
      readyPointer.get(ready);
    }
    Set<ObjectId> sealed = new LinkedHashSet<>();
    for (int i = 0; i < ready.length; i++) {
      if (ready[i] != 0) {
        sealed.add(ids.get(i));
      }
    }
    return sealed;
  }

  /** All objects; those that come or go meanwhile may be missing. */
  public List<ObjectInfo> list() {
    List<ObjectInfo> all = new ArrayList<>();
    long[] cursor = new long[1];
    int[] count = new int[1];
    try (ptc_object_info page = new ptc_object_info(LIST_PAGE)) {
      while (cursor[0] >= 0) {
        CoreStatus.check(
            in(handle -> PartitaCore.ptc_store_list(handle, cursor, page, LIST_PAGE, count)));
        for (int i = 0; i < count[0]; i++) {
          all.add(info(page.getPointer(i)));
        }
      }
    }
    return all;
  }

  private static ObjectInfo info(ptc_object_info info) {
    return new ObjectInfo(
        new ObjectId(info.id_high(), info.id_low()),
        info.bytes(),
        info.metadata_bytes(),
        info.arena_bytes(),
        state(info.state()),
        new Budget(info.budget()),
        info.pinning_processes(),
        info.writer_pid());
  }

  private static ObjectInfo.State state(int number) {
    return switch (number) {
      case PartitaCore.PTC_OBJECT_WRITING -> ObjectInfo.State.WRITING;
      case PartitaCore.PTC_OBJECT_SEALED -> ObjectInfo.State.SEALED;
      case PartitaCore.PTC_OBJECT_SPILLED -> ObjectInfo.State.SPILLED;
      default -> ObjectInfo.State.DELETED;
    };
  }

  /** How the arena is doing. Looks at every object: for people and metrics. */
  public StoreStatistics statistics() {
    try (ptc_store_statistics s = new ptc_store_statistics()) {
      CoreStatus.check(in(handle -> PartitaCore.ptc_store_stats(handle, s)));
      return new StoreStatistics(
          s.arena_bytes(),
          s.used_bytes(),
          s.objects(),
          s.spilled_objects(),
          s.pinned_objects(),
          s.writing_objects(),
          s.spills(),
          s.restores(),
          s.recoveries(),
          s.reaped_clients(),
          s.clients(),
          s.broker_pid());
    }
  }

  private int in(ToIntFunction<ptc_store> call) {
    ptc_store handle = store.enter();
    try {
      return call.applyAsInt(handle);
    } finally {
      store.leave();
    }
  }

  private static int millis(Duration timeout) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
  }

  /**
   * Leaves the arena when the last object and writer of this store is closed; from now on there are
   * no new ones. The arena itself ends with the last process that leaves it.
   */
  @Override
  public void close() {
    store.close();
  }
}
