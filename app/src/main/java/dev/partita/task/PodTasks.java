// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.cluster.PodNetwork;
import dev.partita.config.PartitaConfig;
import dev.partita.objectstore.SharedStore;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The server's {@link Cluster}: made beside the start, and there for whoever asks before. */
@ApplicationScoped
public class PodTasks {
  /** Of the arena, a part that copies of other pods' objects may take. */
  private static final int COPIES_PART = 4;

  /** Native code runs on these threads. */
  private static final long STACK_BYTES = 2 << 20;

  @Inject private PartitaConfig config;
  @Inject private PodNetwork network;
  @Inject private SharedStore store;
  @Inject private BeanManager beans;
  @Inject private NamedActorRepository names;
  @Inject private TaskExtension found;
  @Inject private @Any Instance<TaskWatcher> watchers;

  @Resource(lookup = "java:comp/DefaultContextService")
  private @Nullable ContextService contexts;

  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), PodTasks::thread);

  private @Nullable Cluster made;
  private boolean closed;

  private static final AtomicLong THREADS = new AtomicLong();

  private static Thread thread(Runnable work) {
    Thread thread =
        new Thread(null, work, "partita-task-" + THREADS.incrementAndGet(), STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }

  void atStart(@Observes @Initialized(ApplicationScoped.class) Object application) {
    Executor context = contexts == null ? Runnable::run : contexts.currentContextExecutor();
    threads.execute(() -> context.execute(() -> cluster(context)));
  }

  /** Where to run things. */
  @Produces
  @ApplicationScoped
  public Cluster cluster() {
    return cluster(contexts == null ? Runnable::run : contexts.currentContextExecutor());
  }

  private synchronized Cluster cluster(Executor context) {
    Cluster known = made;
    if (known == null) {
      if (closed) {
        throw new IllegalStateException("the server stops");
      }
      TaskNode node =
          new TaskNode(
              new TaskNode.Parts(
                  network,
                  store::store,
                  found.classes(),
                  new CdiBeans(beans),
                  work -> threads.execute(() -> context.execute(work)),
                  () -> names,
                  config.tasks().cancelGrace(),
                  config.tasks().maxPending(),
                  config.store().arenaBytes() / COPIES_PART));
      node.timeline().watch(watchers.stream().toList());
      known = new Cluster(node, node.calls());
      made = known;
    }
    return known;
  }

  /** Ends all sessions with other pods; what they ran here is interrupted. */
  @PreDestroy
  synchronized void close() {
    closed = true;
    Cluster known = made;
    if (known != null) {
      known.node().close();
    }
    threads.shutdownNow();
  }
}
