// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import dev.partita.config.PartitaConfig;
import dev.partita.config.ServeConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Answers with registered models inside this process. A version is loaded at its first use (the
 * very first one loads libtorch, seconds); requests that arrive while a batch is computed form the
 * next batch. Safe for any number of threads.
 */
@ApplicationScoped
public class ModelServer {
  /** Stands for the newest version of a name. */
  public static final int LATEST = 0;

  /** How long "latest" is remembered, since other pods register too. */
  private static final long LATEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<Key, LoadedModel> loaded = new ConcurrentHashMap<>();
  private final Map<String, Latest> latest = new ConcurrentHashMap<>();
  private final Object loading = new Object();
  private final ComputeTime time = new ComputeTime();
  private ModelRepository models;
  private ServeConfig config;
  private Function<ModelVersion, TextClassifier> loader;

  private record Key(String model, int version) {}

  private record Latest(int version, long readNanos) {}

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected ModelServer() {}

  @Inject
  public ModelServer(ModelRepository models, PartitaConfig config) {
    this(models, config.serve(), TextClassifier::load);
  }

  ModelServer(
      ModelRepository models, ServeConfig config, Function<ModelVersion, TextClassifier> loader) {
    this.models = models;
    this.config = config;
    this.loader = loader;
  }

  /**
   * Classifies texts, in their order; blocks until the batch they joined is done.
   *
   * @param version a number or {@link #LATEST}
   * @param utf8 one text each; invalid UTF-8 is replaced, never an error
   * @throws dev.partita.error.PartitaException NOT_FOUND for an unknown model; TOO_LARGE for more
   *     texts than one batch takes; UNAVAILABLE when the queue is full: try again later
   */
  public Inference infer(String model, int version, List<byte[]> utf8) {
    LoadedModel own = retain(model, version);
    try {
      return own.infer(utf8);
    } finally {
      own.release();
    }
  }

  /**
   * Keeps a version in memory until the lease is closed.
   *
   * @throws dev.partita.error.PartitaException NOT_FOUND for an unknown model
   */
  public ModelLease lease(String model, int version) {
    return new ModelLease(retain(model, version));
  }

  /** The versions in memory now. */
  public List<ModelVersion> loaded() {
    return loaded.values().stream().map(LoadedModel::version).toList();
  }

  /** Texts waiting for a batch now. */
  public int queued() {
    return loaded.values().stream().mapToInt(LoadedModel::queued).sum();
  }

  /** What the models have computed since the start. */
  public ComputeTime computeTime() {
    return time;
  }

  /** Frees a version's memory once its last user is done; its next request loads it again. */
  public void unload(String model, int version) {
    synchronized (loading) {
      LoadedModel gone = loaded.remove(new Key(model, resolve(model, version)));
      if (gone != null) {
        gone.release();
      }
    }
  }

  /** Makes the next request look up the latest version, since there is a new one. */
  public void forgetLatest(String model) {
    latest.remove(model);
  }

  private LoadedModel retain(String model, int version) {
    Key key = new Key(model, resolve(model, version));
    LoadedModel ready = loaded.get(key);
    if (ready != null && ready.retain()) {
      return ready;
    }
    synchronized (loading) {
      LoadedModel meanwhile = loaded.get(key);
      if (meanwhile != null && meanwhile.retain()) {
        return meanwhile;
      }
      makeRoom();
      LoadedModel fresh =
          new LoadedModel(loader.apply(models.require(model, key.version())), config, time);
      fresh.retain();
      loaded.put(key, fresh);
      return fresh;
    }
  }

  private int resolve(String model, int version) {
    if (version != LATEST) {
      return version;
    }
    long now = System.nanoTime();
    Latest known = latest.get(model);
    if (known == null || now - known.readNanos > LATEST_NANOS) {
      known = new Latest(models.require(model, LATEST).version(), now);
      latest.put(model, known);
    }
    return known.version;
  }

  private void makeRoom() {
    while (loaded.size() >= config.maxLoadedModels()) {
      Optional<LoadedModel> oldest =
          loaded.values().stream().min(Comparator.comparingLong(LoadedModel::lastUsedNanos));
      oldest.ifPresent(
          model -> {
            loaded.remove(new Key(model.version().name(), model.version().version()));
            model.release();
          });
    }
  }

  @PreDestroy
  void close() {
    synchronized (loading) {
      loaded.values().forEach(LoadedModel::release);
      loaded.clear();
    }
  }
}
