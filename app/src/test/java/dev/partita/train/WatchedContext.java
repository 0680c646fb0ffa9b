// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.train;

import dev.partita.tensor.NamedRegion;
import dev.partita.tensor.NativeArray;
import java.nio.FloatBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;

/**
 * A context whose iterations somebody watches, for example to stop the job.
 *
 * @param watcher told each iteration before it runs
 */
record WatchedContext(TrainingContext inner, LongConsumer watcher) implements TrainingContext {
  @Override
  public Iterable<Long> iterations(long total) {
    Iterator<Long> iterator = inner.iterations(total).iterator();
    return () ->
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return iterator.hasNext();
          }

          @Override
          public Long next() {
            Long iteration = iterator.next();
            watcher.accept(iteration);
            return iteration;
          }
        };
  }

  @Override
  public int rank() {
    return inner.rank();
  }

  @Override
  public int ranks() {
    return inner.ranks();
  }

  @Override
  public List<Integer> ranksHere() {
    return inner.ranksHere();
  }

  @Override
  public long instanceId() {
    return inner.instanceId();
  }

  @Override
  public Parameters parameters() {
    return inner.parameters();
  }

  @Override
  public <T extends AutoCloseable> T shared(Class<T> type, Callable<? extends T> make)
      throws Exception {
    return inner.shared(type, make);
  }

  @Override
  public FloatBuffer floats(String name, long... shape) {
    return inner.floats(name, shape);
  }

  @Override
  public void keep(String name, Map<String, String> metadata, List<NamedRegion> regions) {
    inner.keep(name, metadata, regions);
  }

  @Override
  public void barrier() {
    inner.barrier();
  }

  @Override
  public void exchange(PodExchange exchange) {
    inner.exchange(exchange);
  }

  @Override
  public void allReduce(NativeArray values) {
    inner.allReduce(values);
  }

  @Override
  public void report(String curve, double value) {
    inner.report(curve, value);
  }

  @Override
  public void processed(String unit, long count) {
    inner.processed(unit, count);
  }

  @Override
  public void remember(String key, String value) {
    inner.remember(key, value);
  }

  @Override
  public Map<String, String> cursor() {
    return inner.cursor();
  }
}
