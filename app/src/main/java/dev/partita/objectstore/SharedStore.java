// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

import dev.partita.config.PartitaConfig;
import dev.partita.config.StoreConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pod's arena, opened beside the start of the server so that the server brokers it. It takes
 * addresses then, and memory when the first object is put.
 */
@ApplicationScoped
public class SharedStore implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dev.partita.objectstore");

  private StoreConfig config;
  private volatile @Nullable ObjectStore open;
  private boolean closed;

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected SharedStore() {}

  @Inject
  public SharedStore(PartitaConfig config) {
    this(config.store());
  }

  SharedStore(StoreConfig config) {
    this.config = config;
  }

  /** Not in the thread that starts the application: loading the core takes a moment. */
  void atStart(@Observes @Initialized(ApplicationScoped.class) Object application) {
    Thread thread = new Thread(this::openEarly, "partita-store-open");
    thread.setDaemon(true);
    thread.start();
  }

  private void openEarly() {
    try {
      store();
    } catch (PartitaException e) {
      LOG.log(Level.WARNING, "The object store cannot be opened yet: {0}", e.getMessage());
    }
  }

  /** The arena; not to be closed. Opened by the first who asks, unless the start was quicker. */
  public ObjectStore store() {
    ObjectStore known = open;
    return known != null ? known : openOnce();
  }

  private synchronized ObjectStore openOnce() {
    if (closed) {
      throw new PartitaException(
          ErrorCode.CONFLICT, "the object store is closed: the server stops");
    }
    ObjectStore known = open;
    if (known == null) {
      known = ObjectStore.open(config);
      open = known;
    }
    return known;
  }

  /** Its state; empty while it is not open. */
  public Optional<StoreStatistics> statistics() {
    ObjectStore known = open;
    return known == null ? Optional.empty() : Optional.of(known.statistics());
  }

  /** When the server stops; objects that are still open stay readable until they are closed. */
  @Override
  @PreDestroy
  public synchronized void close() {
    closed = true;
    ObjectStore known = open;
    if (known != null) {
      known.close();
      open = null;
    }
  }
}
