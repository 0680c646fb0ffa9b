// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.batch.Cluster;
import dev.partita.config.ClusterConfig;
import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.NodeTraits;
import dev.partita.tensor.GpuDevice;
import dev.partita.tensor.GpuDevices;
import io.grpc.ChannelCredentials;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * This pod's membership: a row with a lease. It renews the lease, buries pods whose lease ran out,
 * and keeps a link to each other member. On a database of its own it is alone, and does none of it.
 *
 * <p>A link that breaks to a port that refuses is taken for a death at once. That is safe whoever
 * is wrong: what a pod held is claimed with a higher fencing token, and a pod that was buried alive
 * finds so at its next renewal and begins a new life.
 */
@ApplicationScoped
public class Membership implements Cluster, PodNetwork {
  private static final System.Logger LOG = System.getLogger("dev.partita.cluster");
  private static final int RENEWALS_PER_LEASE = 5;

  /** A gang of two, the smallest there is, runs on one processor too. */
  private static final int FEWEST_CPUS = 2;

  private final PartitaConfig config;
  private final Map<String, PeerLink> links = new ConcurrentHashMap<>();
  private final String aloneHolder = UUID.randomUUID().toString();

  @Resource(lookup = "java:comp/DefaultContextService")
  private @Nullable ContextService contexts;

  private volatile @Nullable Seat seat;
  private volatile Consumer<Bell> bells = bell -> {};
  private volatile Runnable lost = () -> {};
  private volatile PodSession.@Nullable Listener served;
  private volatile Runnable changed = () -> {};
  private volatile List<Node> peers = List.of();
  private volatile String announced = "";
  private volatile boolean draining;
  private volatile boolean closing;
  private volatile long renewedNanos;
  private volatile long quietUntilNanos;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected Membership() {
    this(null);
  }

  @Inject
  public Membership(PartitaConfig config) {
    this.config = config;
  }

  /** What a member has; the holder changes with each of its lives. */
  private record Seat(
      NodeRepository rows,
      NodeRepository.Applicant self,
      Doorbells doorbells,
      GangStreams gangs,
      SessionService sessions,
      ClusterSecret secret,
      String holder) {
    Seat as(String next) {
      return new Seat(rows, self, doorbells, gangs, sessions, secret, next);
    }
  }

  @Override
  public synchronized void join(DataSource database) {
    ClusterConfig.Mode mode = config.cluster().mode();
    if (seat != null
        || mode == ClusterConfig.Mode.OFF
        || (mode == ClusterConfig.Mode.AUTO && !NodeRepository.canBeShared(database))) {
      return;
    }
    NodeRepository rows = new NodeRepository(database, config.jobs().lease());
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    ClusterSecret secret = new ClusterSecret(rows.secret(HexFormat.of().formatHex(random)));
    GangStreams gangs = new GangStreams(secret);
    SessionService sessions = new SessionService(secret, this::holder);
    Doorbells doorbells = listen(secret, gangs, sessions);
    try {
      NodeRepository.Applicant self = self(doorbells.address());
      String holder = Node.holder(self.id(), rows.join(self));
      renewedNanos = System.nanoTime();
      quietUntilNanos = renewedNanos;
      seat = new Seat(rows, self, doorbells, gangs, sessions, secret, holder);
      offerSessions();
    } catch (RuntimeException e) {
      doorbells.close();
      throw e;
    }
    LOG.log(Level.INFO, "Joined as {0}, heard at {1}", holder(), doorbells.address());
    Executor context = contexts == null ? Runnable::run : contexts.currentContextExecutor();
    Thread thread = new Thread(() -> context.execute(this::keepForever), "partita-membership");
    thread.setDaemon(true);
    thread.start();
  }

  private Doorbells listen(ClusterSecret secret, GangStreams gangs, SessionService sessions) {
    try {
      return new Doorbells(config.cluster(), secret, gangs, sessions, this::heard);
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.INVALID_CONFIG,
          "Pods cannot be heard on partita.cluster.host="
              + config.cluster().host()
              + ", partita.cluster.port="
              + config.cluster().port()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private NodeRepository.Applicant self(String address) {
    return new NodeRepository.Applicant(
        config.serverId(),
        installation(),
        address,
        NodeTraits.labels(config.cluster().labels()),
        capacity(),
        ApplicationHash.ofThisApplication(),
        version());
  }

  private Node.Capacity capacity() {
    long memoryBytes =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    int cpus = config.scheduling().cpus();
    List<GpuDevice> gpus = GpuDevices.list();
    return new Node.Capacity(
        cpus > 0 ? cpus : Math.max(FEWEST_CPUS, Runtime.getRuntime().availableProcessors()),
        gpus.size(),
        memoryBytes,
        gpus.isEmpty() ? "" : gpus.get(0).name(),
        gpus.isEmpty() ? 0 : gpus.get(0).totalBytes(),
        config.jobs().partitionPermits(),
        config.scheduling().waitingPermits());
  }

  @Override
  public NodeState node() {
    Seat now = seat;
    return new NodeState(
        new NodeId(config.serverId()),
        1,
        NodeTraits.of(NodeTraits.labels(config.cluster().labels()), application()),
        (now == null ? capacity() : now.self.capacity()).offered(),
        draining);
  }

  /** The same after a restart with the same output directory. */
  private String installation() {
    Path file = config.outputDirectory().resolve("partita-installation");
    try {
      if (Files.notExists(file)) {
        Files.createDirectories(config.outputDirectory());
        Files.writeString(file, UUID.randomUUID().toString());
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new PartitaException(ErrorCode.STORAGE_FAILURE, "Cannot keep " + file + ": " + e, e);
    }
  }

  private static String version() {
    String version = Membership.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }

  private void keepForever() {
    long renewalNanos = config.jobs().lease().toNanos() / RENEWALS_PER_LEASE;
    long pauseNanos = Math.min(renewalNanos, config.cluster().poll().toNanos());
    while (!closing) {
      try {
        keep(renewalNanos);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "The lease is not renewed now: {0}", e.getMessage());
      }
      try {
        TimeUnit.NANOSECONDS.sleep(pauseNanos);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void keep(long renewalNanos) {
    Seat now = Objects.requireNonNull(seat);
    long nanos = System.nanoTime();
    if (nanos - renewedNanos >= renewalNanos) {
      boolean renewed = now.rows.renew(now.holder);
      // Only now: the renewal itself may have waited for a database that could not be reached.
      boolean late = System.nanoTime() - renewedNanos > config.jobs().lease().toNanos();
      if (!renewed) {
        beginNewLife(now);
      } else if (late) {
        // The database was away, for all: whoever still holds something shall renew first.
        quietUntilNanos = System.nanoTime() + config.jobs().lease().toNanos();
      }
      renewedNanos = System.nanoTime();
    }
    now = Objects.requireNonNull(seat);
    if (System.nanoTime() - quietUntilNanos >= 0 && now.rows.buryExpired(now.holder) > 0) {
      died();
    }
    look(now);
  }

  private void beginNewLife(Seat former) {
    if (closing) {
      return;
    }
    Seat next = former.as(Node.holder(former.self.id(), former.rows.join(former.self)));
    seat = next;
    LOG.log(Level.WARNING, "{0} was taken for dead; goes on as {1}", former.holder, next.holder);
    lost.run();
  }

  /** Who is there now. */
  private void look(Seat now) {
    List<Node> all = now.rows.all();
    Map<String, Node> peers = new ConcurrentHashMap<>();
    all.stream()
        .filter(node -> node.alive() && !node.id().equals(now.self.id()))
        .forEach(node -> peers.put(node.holder(), node));
    List<Node> before = this.peers;
    boolean otherLife = !now.holder.equals(announced);
    announced = now.holder;
    this.peers = List.copyOf(peers.values());
    if (otherLife || !lives(before).equals(lives(this.peers))) {
      changed.run();
    }
    now.gangs.alive(
        all.stream().filter(Node::alive).map(Node::address).collect(Collectors.toSet()));
    links
        .values()
        .removeIf(
            link -> {
              boolean over = link.broken() || !peers.containsKey(link.peer().holder());
              if (over) {
                link.close();
              }
              return over;
            });
    ChannelCredentials credentials = Doorbells.channelCredentials(config.cluster());
    String name = config.cluster().tls().map(ClusterConfig.Tls::name).orElse("");
    peers.forEach(
        (holder, node) ->
            links.computeIfAbsent(
                holder, key -> new PeerLink(node, credentials, name, now.secret, this::refused)));
  }

  private static Set<String> lives(List<Node> nodes) {
    return nodes.stream()
        .map(node -> node.holder() + " " + node.state())
        .collect(Collectors.toSet());
  }

  @Override
  public List<Node> peers() {
    return peers;
  }

  @Override
  public PodSession open(Node peer, PodSession.Listener listener) {
    Seat now = Objects.requireNonNull(seat, "alone");
    return new SessionLink(
            now.holder,
            peer,
            now.secret,
            new SessionLink.Credentials(
                Doorbells.channelCredentials(config.cluster()),
                config.cluster().tls().map(ClusterConfig.Tls::name).orElse("")),
            listener)
        .session();
  }

  @Override
  public synchronized void serve(PodSession.Listener listener, Runnable peersChanged) {
    served = listener;
    changed = peersChanged;
    offerSessions();
  }

  private void offerSessions() {
    Seat now = seat;
    PodSession.Listener listener = served;
    if (now != null && listener != null) {
      now.sessions.serve(listener);
    }
  }

  private void refused(Node peer) {
    Seat now = seat;
    if (now == null || closing || !accepting()) {
      return;
    }
    try {
      if (now.rows.bury(peer.holder())) {
        LOG.log(Level.WARNING, "{0} is gone: {1} refuses", peer.holder(), peer.address());
        died();
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "{0} may be gone: {1}", peer.holder(), e.getMessage());
    }
  }

  private void died() {
    bells.accept(Bell.DEATH);
    ring(Bell.DEATH);
  }

  private void heard(Bell bell) {
    bells.accept(bell);
  }

  /**
   * Joins the other pods of a gang; blocks until all of them hear this one. The caller closes it.
   *
   * @param gang names the attempt: pods of another attempt are not heard
   * @param pod this one, an index of {@code addresses}
   * @param addresses of the gang's pods, as in their rows; one alone needs no cluster
   * @param patience how long the others may take
   * @throws PartitaException GANG_ABORTED if one does not come
   */
  public GangPeers join(String gang, int pod, List<String> addresses, Duration patience) {
    Seat now = seat;
    if (addresses.size() == 1) {
      return GangPeers.ALONE;
    }
    if (now == null) {
      throw new PartitaException(
          ErrorCode.CONFLICT, "A gang of " + addresses.size() + " pods needs a cluster");
    }
    return StreamedGang.join(
        new GangLink.Speaker(
            gang,
            pod,
            now.secret,
            Doorbells.channelCredentials(config.cluster()),
            config.cluster().tls().map(ClusterConfig.Tls::name).orElse("")),
        addresses,
        patience,
        now.gangs);
  }

  /** All pods of the last hour, by id; empty where this pod is alone. */
  public List<Node> nodes() {
    Seat now = seat;
    return now == null ? List.of() : now.rows.all();
  }

  @Override
  public boolean shared() {
    return seat != null;
  }

  @Override
  public String holder() {
    Seat now = seat;
    return now == null ? aloneHolder : now.holder;
  }

  @Override
  public String application() {
    Seat now = seat;
    return now == null ? "" : now.self.application();
  }

  @Override
  public boolean reached() {
    return seat == null || System.nanoTime() - renewedNanos < config.jobs().lease().toNanos();
  }

  @Override
  public boolean accepting() {
    long nanos = System.nanoTime();
    Duration lease = config.jobs().lease();
    return !draining
        && nanos - quietUntilNanos >= 0
        && (seat == null || nanos - renewedNanos < lease.toNanos());
  }

  @Override
  public void ring(Bell bell) {
    links.values().forEach(link -> link.ring(bell));
  }

  @Override
  public void listen(Consumer<Bell> heard, Runnable leaseLost) {
    bells = heard;
    lost = leaseLost;
  }

  @Override
  public void drain() {
    draining = true;
    Seat now = seat;
    if (now != null) {
      now.rows.drain(now.holder);
    }
  }

  @Override
  public void leave() {
    closing = true;
    Seat now = seat;
    if (now != null) {
      now.rows.leave(now.holder);
      ring(Bell.DEATH);
      links.values().forEach(PeerLink::close);
      now.doorbells.close();
    }
  }
}
