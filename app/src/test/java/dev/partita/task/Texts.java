// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Tasks for tests. */
public class Texts {
  static final Map<String, CountDownLatch> LATCHES = new ConcurrentHashMap<>();
  static final Map<String, AtomicInteger> RUNS = new ConcurrentHashMap<>();

  /** Lets go on what waits at that latch. */
  static void open(String latch) {
    LATCHES.computeIfAbsent(latch, k -> new CountDownLatch(1)).countDown();
  }

  /** How often what is called so was run. */
  static int runs(String key) {
    return RUNS.computeIfAbsent(key, k -> new AtomicInteger()).get();
  }

  /** Lists and records go over the wire. */
  public record Count(String word, int times) {}

  @Task
  public int length(String text) {
    return text.length();
  }

  @Task
  public List<Count> count(List<String> words) {
    List<Count> counts = new ArrayList<>();
    words.stream()
        .distinct()
        .forEach(
            word -> counts.add(new Count(word, (int) words.stream().filter(word::equals).count())));
    return counts;
  }

  @Task
  public String where() {
    return TaskContext.current().orElseThrow().node();
  }

  @Task
  public byte[] filled(int bytes) {
    byte[] all = new byte[bytes];
    java.util.Arrays.fill(all, (byte) 7);
    return all;
  }

  @Task
  public long sum(ByteBuffer bytes) {
    long sum = 0;
    while (bytes.hasRemaining()) {
      sum += bytes.get();
    }
    return sum;
  }

  @Task
  public int fails(String message) {
    throw new IllegalStateException(message);
  }

  /** Fails until it was called so often. */
  @Task
  public int succeedsAt(String key, int call) {
    int calls = RUNS.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
    if (calls < call) {
      throw new IllegalStateException("call " + calls);
    }
    return calls;
  }

  /** Waits until the latch of that name is open, and says where it ran. */
  @Task
  public String await(String latch) throws InterruptedException {
    RUNS.computeIfAbsent(latch, k -> new AtomicInteger()).incrementAndGet();
    LATCHES.computeIfAbsent(latch, k -> new CountDownLatch(1)).await();
    return where();
  }

  /** As await, but deaf to interrupts. */
  @Task
  public String awaitDeaf(String latch) {
    RUNS.computeIfAbsent(latch, k -> new AtomicInteger()).incrementAndGet();
    CountDownLatch open = LATCHES.computeIfAbsent(latch, k -> new CountDownLatch(1));
    while (open.getCount() > 0) {
      Thread.onSpinWait();
    }
    return where();
  }

  /** Looks at the objects itself. */
  @Task
  public int total(List<ObjectRef<Integer>> refs) {
    return refs.stream().mapToInt(ObjectRef::get).sum();
  }

  /** How many of these are known to be there, after each was read. */
  @Task
  public int there(List<ObjectRef<Integer>> refs) {
    return (int) refs.stream().filter(ref -> ref.get() != null && ref.isDone()).count();
  }

  /** Calls an actor of whoever asks. */
  @Task
  public int adds(ActorRef<Counter> counter, int times) {
    int last = 0;
    List<ObjectRef<Integer>> refs = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      refs.add(counter.call(Counter::add, 1));
    }
    for (ObjectRef<Integer> ref : refs) {
      if (ref.get() <= last) {
        throw new IllegalStateException(ref.get() + " after " + last);
      }
      last = ref.get();
    }
    return last;
  }

  /** Calls it until that fails. */
  @Task
  public String callsUntilItFails(ActorRef<Counter> counter, String begun) {
    RUNS.computeIfAbsent(begun, k -> new AtomicInteger()).incrementAndGet();
    try {
      while (true) {
        counter.call(Counter::add, 1).get();
      }
    } catch (dev.partita.error.PartitaException e) {
      return e.code().name();
    }
  }

  public int notATask(String text) {
    return text.length();
  }
}
