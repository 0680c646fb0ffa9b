// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.Priority;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The batch engine's life: starts with the application, beside it (a database that is not there yet
 * delays readiness, not the server), takes up what a former process left, and at the end lets jobs
 * save their state and go on at the next start.
 */
@ApplicationScoped
public class JobEngine {
  private static final System.Logger LOG = System.getLogger("dev.partita.batch");
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final long STOP_SECONDS = 10;

  private final PartitaConfig config;
  private final JobEvents events;
  private final JobLog log;
  private final BeanManager beans;
  private final Instance<InstanceData> data;
  private final Cluster cluster;

  @Resource(lookup = "jdbc/partita")
  private @Nullable DataSource source;

  @Resource(lookup = "java:comp/DefaultContextService")
  private @Nullable ContextService contexts;

  private volatile @Nullable EngineParts parts;
  private volatile @Nullable SharedEngine shared;
  private volatile boolean ready;
  private volatile boolean closing;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected JobEngine() {
    this(null, null, null, null, null, null);
  }

  @Inject
  public JobEngine(
      PartitaConfig config,
      JobEvents events,
      JobLog log,
      BeanManager beans,
      @Any Instance<InstanceData> data,
      Cluster cluster) {
    this.config = config;
    this.events = events;
    this.log = log;
    this.beans = beans;
    this.data = data;
    this.cluster = cluster;
  }

  /** Whether jobs are accepted: the database answers and recovery is done. May take a query. */
  public boolean ready() {
    EngineParts running = parts;
    return ready && running != null && SchemaRepository.answers(running.database());
  }

  /** How much the engine has to do now; all zero until it runs. */
  public EngineLoad load() {
    EngineParts running = parts;
    if (running == null) {
      return new EngineLoad(0, 0, 0, 0, 0);
    }
    PodScheduler alone = running.environment().partitions().scheduler();
    SharedEngine pods = shared;
    return new EngineLoad(
        running.admission().active(),
        running.admission().waiting(),
        pods == null ? alone.inUse() : pods.running(),
        pods == null ? alone.waiting() : pods.waiting(),
        running.environment().partitions().leases().refused());
  }

  /** The running engine. */
  EngineParts parts() {
    EngineParts running = parts;
    if (running == null) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE, "The job engine is still starting; try again in a moment");
    }
    return running;
  }

  void start(@Observes @Priority(100) @Initialized(ApplicationScoped.class) Object application) {
    if (source == null || contexts == null) {
      throw new IllegalStateException("The container gave no data source or no contexts");
    }
    Executor context = contexts.currentContextExecutor();
    DataSource database = source;
    background("partita-engine", context, () -> startWhenPossible(context, database));
    background("partita-events", context, events::storeForever);
  }

  private void startWhenPossible(Executor context, DataSource database) {
    while (!closing) {
      try {
        EngineParts started =
            new EngineAssembly(config, events, log, beans, data, cluster)
                .assemble(context, database);
        parts = started;
        if (cluster.shared()) {
          SharedEngine pods = new SharedEngine(started, config);
          shared = pods;
          background("partita-work", context, pods::workForever);
          background("partita-owners", context, pods::ownForever);
          background("partita-leader", context, pods::leadForever);
        }
        new Recovery(started, config.jobs()).run();
        ready = true;
        background("partita-leases", context, () -> renewLeases(started));
        background("partita-sweep", context, new JobPurge(started)::sweep);
        LOG.log(Level.INFO, "The job engine is ready");
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "The job engine waits for the database: " + e.getMessage(), e);
        pause(RETRY);
      }
    }
  }

  private void renewLeases(EngineParts running) {
    while (!closing) {
      pause(config.jobs().lease().dividedBy(3));
      running.environment().partitions().keeper().renew();
    }
  }

  void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object application) {
    closing = true;
    ready = false;
    EngineParts running = parts;
    if (running != null) {
      try {
        end(running);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    events.close();
  }

  private void end(EngineParts running) throws InterruptedException {
    long deadline = System.nanoTime() + config.cluster().drainTimeout().toNanos();
    SharedEngine pods = shared;
    if (pods == null) {
      running.repository().leaveForNextStart();
      release(running);
    } else {
      pods.drain(config.cluster().drainTimeout());
      running.repository().leaveForNextStart();
    }
    running.running().all().forEach(job -> running.threads().control().execute(job::stop));
    running.threads().close();
    long left =
        pods == null ? STOP_SECONDS : TimeUnit.NANOSECONDS.toSeconds(deadline - System.nanoTime());
    if (!running.threads().awaitEnd(Math.max(1, left))) {
      LOG.log(Level.WARNING, "Some jobs did not stop within {0} s", left);
    }
    if (pods != null) {
      // Only now: another pod takes the jobs at once, and finds what they saved.
      release(running);
      pods.close();
      cluster.leave();
    }
  }

  /** What this process leaves unfinished now was not the work's fault. */
  private static void release(EngineParts running) {
    try {
      running.records().release();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Unfinished jobs will count as killed: {0}", e.getMessage());
    }
  }

  private static void background(String name, Executor context, Runnable task) {
    Thread thread = new Thread(() -> context.execute(task), name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void pause(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
