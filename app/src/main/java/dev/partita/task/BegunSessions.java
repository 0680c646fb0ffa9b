// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.cluster.Node;
import dev.partita.cluster.PodNetwork;
import dev.partita.cluster.PodSession;
import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.NodeTraits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that this pod begins, one with each other pod that runs the same application: what
 * it asks goes by them, and what is answered. Any thread.
 */
final class BegunSessions {
  private static final Duration RECONNECT = Duration.ofMillis(300);

  private final TaskNode node;
  private final PodNetwork network;
  private final Alarms alarms;

  /** Open, or being opened, by the life of the other pod. */
  private final Map<String, Begun> begun = new ConcurrentHashMap<>();

  private volatile boolean closed;

  BegunSessions(TaskNode node, PodNetwork network, Alarms alarms) {
    this.node = node;
    this.network = network;
    this.alarms = alarms;
  }

  /** Pods may have come or gone. */
  void look() {
    if (closed) {
      return;
    }
    Map<String, Node> there = new HashMap<>();
    String application = network.node().traits().applicationHash();
    for (Node peer : network.peers()) {
      if (peer.application().equals(application)) {
        there.put(peer.holder(), peer);
      }
    }
    begun.forEach(
        (holder, session) -> {
          if (!there.containsKey(holder)) {
            session.close();
          }
        });
    there.forEach(this::keep);
  }

  private void keep(String holder, Node peer) {
    Begun known = begun.get(holder);
    if (known != null) {
      known.describe(state(peer));
      return;
    }
    Begun session = new Begun(peer);
    if (begun.putIfAbsent(holder, session) == null) {
      session.open();
    }
  }

  private static NodeState state(Node node) {
    return new NodeState(
        new NodeId(node.id()),
        node.incarnation(),
        NodeTraits.of(node.labels(), node.application()),
        node.capacity().offered(),
        node.state() == Node.State.DRAINING);
  }

  /** With that life of a pod, or null. */
  @Nullable PodSession to(String holder) {
    Begun session = begun.get(holder);
    return session == null ? null : session.session;
  }

  /** False if there is no session with it. */
  boolean send(String holder, Frame frame) {
    PodSession session = to(holder);
    if (session != null) {
      session.send(FrameCodec.write(frame));
    }
    return session != null;
  }

  /** Ends those that there are; others may follow. */
  void endAll() {
    begun.values().forEach(Begun::close);
  }

  void close() {
    closed = true;
    endAll();
  }

  /** One of them; its peer is there from its acceptance to its end. */
  private final class Begun implements PodSession.Listener {
    private final Node to;
    private volatile @Nullable PodSession session;
    private @Nullable Peer peer;
    private boolean ended;

    Begun(Node to) {
      this.to = to;
    }

    void open() {
      PodSession opened = network.open(to, this);
      session = opened;
      if (closed) {
        opened.close();
      }
    }

    void close() {
      PodSession open = session;
      if (open != null) {
        open.close();
      }
    }

    synchronized void describe(NodeState state) {
      if (peer != null) {
        peer.node = state;
      }
    }

    @Override
    public synchronized void opened(PodSession accepted) {
      if (!ended) {
        Peer made = new Peer(to.holder(), state(to), accepted);
        peer = made;
        node.submissions().add(made);
      }
    }

    @Override
    public void over(PodSession former, String why) {
      begun.remove(to.holder(), this);
      Peer gone;
      synchronized (this) {
        ended = true;
        gone = peer;
      }
      if (gone != null) {
        node.submissions().gone(gone, why);
      }
      node.refs().gone(to.holder(), why);
      node.transfers().gone(to.holder(), why);
      node.groups().gone(to.holder());
      if (!closed) {
        var unused = alarms.after(RECONNECT, BegunSessions.this::look);
      }
    }

    private synchronized Peer peer() {
      return Objects.requireNonNull(peer, "nothing is answered before the session is accepted");
    }

    @Override
    public void received(PodSession from, ByteBuffer bytes) {
      Frame frame = FrameCodec.read(bytes);
      if (frame instanceof Frame.Done done) {
        done(from, done);
      } else if (frame instanceof Frame.Failed failed) {
        failed(failed);
      } else if (frame instanceof Frame.Piece piece) {
        node.transfers().received(piece);
      } else if (frame instanceof Frame.Save save) {
        node.actors().save(save.actor(), save.generation(), save.state());
      }
    }

    private void done(PodSession from, Frame.Done done) {
      if (done.number() > 0) {
        Runnable settle =
            done.refs()
                ? () -> from.send(FrameCodec.write(new Frame.Settled(done.number())))
                : null;
        node.submissions().done(peer(), done.number(), done.value(), done.runNanos(), settle);
      } else if (!node.refs().answered(done.number(), done.value(), null)) {
        node.groups().granted(done.number());
      }
    }

    private void failed(Frame.Failed failed) {
      if (failed.number() > 0) {
        node.submissions().failed(peer(), failed.number(), failed.failure());
      } else if (!node.refs().answered(failed.number(), null, failed.failure())
          && !node.transfers().failed(failed.number(), failed.failure().message())) {
        node.groups().refused(failed.number(), failed.failure());
      }
    }
  }
}
