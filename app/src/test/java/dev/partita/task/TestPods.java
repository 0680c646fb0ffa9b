// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.cluster.Node;
import dev.partita.cluster.PodNetwork;
import dev.partita.cluster.PodSession;
import dev.partita.objectstore.ObjectStore;
import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.NodeTraits;
import dev.partita.scheduling.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/**
 * Pods in one JVM, each with its own arena, that talk over queues of frames: as many as a test asks
 * for, killed and cut off as it likes.
 */
final class TestPods implements AutoCloseable {
  static final int CPUS = 2;

  private final Path folder;
  private final Collection<Class<?>> classes;
  private final JdbcDataSource database = new JdbcDataSource();
  private @Nullable NamedActorRepository names;
  private final Map<String, TestPod> pods = new ConcurrentHashMap<>();
  private int count;

  TestPods(Path folder, Collection<Class<?>> classes) {
    this.folder = folder;
    this.classes = classes;
  }

  private synchronized NamedActorRepository names() {
    NamedActorRepository known = names;
    if (known == null) {
      database.setUrl("jdbc:h2:mem:names-" + System.nanoTime() + ";DB_CLOSE_DELAY=-1");
      makeTables(database);
      known = new NamedActorRepository(database);
      names = known;
    }
    return known;
  }

  /** Those of the product. */
  static void makeTables(DataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        InputStream schema =
            Objects.requireNonNull(
                TaskNode.class.getResourceAsStream("/dev/partita/batch/schema.sql"))) {
      String text = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      statement.execute(text.replaceAll("(?m)^--.*$", ""));
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A pod that all others see. */
  TestPod add(String id) {
    TestPod pod = new TestPod(id, folder.resolve("store-" + count++));
    pods.put(pod.holder(), pod);
    pod.start();
    pods.values().forEach(TestPod::look);
    return pod;
  }

  /**
   * Returns when each can send work to each: until then some may not know that others are there.
   */
  void awaitEachOther() {
    for (TestPod pod : pods.values()) {
      while (pod.tasks().submissions().peers().size() < pods.size()) {
        Thread.onSpinWait();
      }
    }
  }

  @Override
  public void close() {
    List.copyOf(pods.values()).forEach(TestPod::kill);
    if (names != null) {
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("SHUTDOWN");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** A pod. */
  final class TestPod implements PodNetwork {
    private final String id;
    private final ObjectStore store;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ExecutorService wire = Executors.newSingleThreadExecutor();
    private final List<Side> sides = new ArrayList<>();
    private PodSession.Listener served = new Nobody();
    private Runnable changed = () -> {};
    private TaskNode node;
    private Cluster cluster;

    @SuppressWarnings("NullAway.Init") // start() follows
    TestPod(String id, Path storeFolder) {
      this.id = id;
      try {
        java.nio.file.Files.createDirectories(storeFolder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      this.store = ObjectStore.open(storeFolder, 64 << 20, null, Duration.ofSeconds(10));
    }

    void start() {
      node =
          new TaskNode(
              new TaskNode.Parts(
                  this,
                  () -> store,
                  classes,
                  new NewBeans(),
                  threads,
                  TestPods.this::names,
                  Duration.ofMillis(200),
                  100_000,
                  16 << 20));
      cluster = new Cluster(node, node.calls());
    }

    Cluster cluster() {
      return cluster;
    }

    TaskNode tasks() {
      return node;
    }

    ObjectStore store() {
      return store;
    }

    void look() {
      changed.run();
    }

    /** As with kill -9: the others notice at once, it does not. */
    void kill() {
      if (pods.remove(holder()) == null) {
        return;
      }
      List<Side> cut;
      synchronized (sides) {
        cut = List.copyOf(sides);
      }
      cut.forEach(Side::breakOff);
      node.close();
      threads.shutdownNow();
      wire.shutdownNow();
      store.close();
    }

    @Override
    public String holder() {
      return id + "/1";
    }

    @Override
    public NodeState node() {
      return new NodeState(
          new NodeId(id),
          1,
          new NodeTraits("", Map.of("name", id), "app"),
          Resources.parse("cpu=" + CPUS + ",memory=1GiB"),
          false);
    }

    @Override
    public List<Node> peers() {
      return pods.values().stream().filter(pod -> pod != this).map(TestPod::row).toList();
    }

    private Node row() {
      return new Node(
          id,
          1,
          Node.State.UP,
          "nowhere:1",
          Map.of("name", id),
          new Node.Capacity(CPUS, 0, 1 << 30, "", 0, 8, 8),
          "app",
          "",
          Instant.EPOCH,
          Instant.EPOCH);
    }

    @Override
    public PodSession open(Node peer, PodSession.Listener listener) {
      TestPod other = pods.get(peer.holder());
      Side mine = new Side(this, peer.holder(), listener);
      if (other == null) {
        mine.end("nobody listens");
        return mine;
      }
      Side theirs = new Side(other, holder(), other.served);
      mine.other = theirs;
      theirs.other = mine;
      mine.keep();
      theirs.keep();
      wire.execute(
          () -> {
            if (!mine.over) {
              listener.opened(mine);
            }
          });
      return mine;
    }

    @Override
    public void serve(PodSession.Listener listener, Runnable peersChanged) {
      served = listener;
      changed = peersChanged;
    }
  }

  /** One side of a session. */
  private static final class Side implements PodSession {
    private final TestPod pod;
    private final String peer;
    private final Listener listener;
    private volatile Side other = this;
    private volatile boolean over;

    Side(TestPod pod, String peer, Listener listener) {
      this.pod = pod;
      this.peer = peer;
      this.listener = listener;
    }

    void keep() {
      synchronized (pod.sides) {
        pod.sides.add(this);
      }
    }

    @Override
    public String peer() {
      return peer;
    }

    @Override
    public void send(byte[] frame) {
      Side to = other;
      if (!over && !to.over && !to.pod.wire.isShutdown()) {
        to.pod.wire.execute(
            () -> {
              if (!to.over) {
                to.listener.received(to, ByteBuffer.wrap(frame));
              }
            });
      }
    }

    @Override
    public void awaitRoom(long queuedBytes) {}

    @Override
    public void close() {
      end("closed");
      other.end("closed");
    }

    /** Its pod is gone: only the other side is told. */
    void breakOff() {
      over = true;
      other.end("it was killed");
    }

    /** Nothing is received any more, and after what was the listener is told. */
    void end(String why) {
      synchronized (this) {
        if (over) {
          return;
        }
        over = true;
      }
      try {
        pod.wire.execute(() -> listener.over(this, why));
      } catch (RejectedExecutionException e) {
        // Its pod is gone itself.
        over = true;
      }
    }
  }

  private static final class Nobody implements PodSession.Listener {
    @Override
    public void received(PodSession session, ByteBuffer frame) {}

    @Override
    public void over(PodSession session, String why) {}
  }

  /** New instances by the constructor without parameters. */
  static final class NewBeans implements Beans {
    @Override
    public Lent lend(Class<?> type) {
      Object bean;
      try {
        bean = type.getDeclaredConstructor().newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
      return new Lent() {
        @Override
        public Object bean() {
          return bean;
        }

        @Override
        public void close() {}
      };
    }
  }
}
