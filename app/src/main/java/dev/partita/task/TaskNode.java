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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that a pod needs for tasks, actors and objects, put together: what it owns, what it runs, and
 * its sessions with the other pods. The pod that owns a call begins the session it goes by.
 */
final class TaskNode implements AutoCloseable {
  private static final Duration RECONNECT = Duration.ofMillis(300);

  /** Names the session of a pod with itself. */
  private final Object self = new Object();

  private final PodNetwork network;
  private final Alarms alarms = new Alarms();
  private final Timeline timeline = new Timeline();
  private final Codec codec;
  private final Registry registry;
  private final OwnedObjects objects;
  private final References references;
  private final Transfers transfers;
  private final Values values;
  private final Runner runner;
  private final Executions executions;
  private final ActorHost host;
  private final Submissions submissions;
  private final OwnedActors actors;
  private final NamedActors named;
  private final PlacementGroups groups;
  private final ServedSessions served;
  private final Calls calls;

  /** To whom sessions are open or being opened, by the life of the pod. */
  private final Map<String, Opening> sessions = new ConcurrentHashMap<>();

  private volatile String holder;
  private volatile boolean closed;

  /** A session that this pod began; its peer is null until it is accepted. */
  private static final class Opening {
    volatile @Nullable PodSession session;
    volatile @Nullable Peer peer;
  }

  /**
   * What a pod has.
   *
   * @param beans the classes that may be called, and where their instances come from
   * @param names rows of the actors that have names
   * @param cancelGrace how long what was cancelled may take to end before it is shown as fenced
   * @param maxPending calls of this pod that have not ended, at most
   * @param copiesBytes of the arena that copies of other pods' objects may take
   */
  record Parts(
      PodNetwork network,
      Supplier<ObjectStore> store,
      Collection<Class<?>> classes,
      Beans beans,
      Executor threads,
      Supplier<NamedActorRepository> names,
      Duration cancelGrace,
      int maxPending,
      long copiesBytes) {}

  TaskNode(Parts parts) {
    network = parts.network();
    holder = network.holder();
    // Below 0, so that answers to these and to calls cannot be taken for each other.
    AtomicLong numbers = new AtomicLong(Long.MIN_VALUE);
    codec = new Codec(new RefModule(this::references, () -> this));
    registry = new Registry(codec, parts.classes());
    objects = new OwnedObjects(this::discard);
    Function<String, @Nullable PodSession> to = this::sessionTo;
    references = new References(objects, this::holder, to, parts.threads(), numbers);
    transfers =
        new Transfers(
            parts.store(),
            this::holder,
            to,
            parts.threads(),
            numbers,
            timeline,
            parts.copiesBytes());
    values = new Values(codec, parts.store(), this::holder, transfers);
    runner = new Runner(network.node(), parts.threads());
    executions =
        new Executions(
            new Executions.Parts(
                registry,
                parts.beans(),
                values,
                references,
                runner,
                () -> network.node().id().name(),
                alarms,
                timeline,
                parts.cancelGrace()));
    host = new ActorHost(executions);
    submissions = new Submissions(new Sending(), alarms);
    references.with(values, submissions);
    actors = new OwnedActors(submissions, objects, this::kill, this::rehome);
    named = new NamedActors(parts.names(), this, network, parts.threads(), alarms);
    groups = new PlacementGroups(submissions, runner, this::sendTo, numbers);
    calls = new Calls(this, parts.maxPending());
    served = new ServedSessions(this);
    submissions.add(new Peer(holder, network.node(), null));
    network.serve(served, this::podsChanged);
    podsChanged();
  }

  private References references() {
    return references;
  }

  Timeline timeline() {
    return timeline;
  }

  Registry registry() {
    return registry;
  }

  Codec codec() {
    return codec;
  }

  OwnedObjects objects() {
    return objects;
  }

  References refs() {
    return references;
  }

  Transfers transfers() {
    return transfers;
  }

  Values values() {
    return values;
  }

  Runner runner() {
    return runner;
  }

  Executions executions() {
    return executions;
  }

  ActorHost host() {
    return host;
  }

  Submissions submissions() {
    return submissions;
  }

  NamedActors named() {
    return named;
  }

  private void rehome(OwnedActor actor) {
    named.rehome(actor);
  }

  /** Ends an actor that another pod keeps. */
  void endElsewhere(String keeper, ActorId id) {
    // Where that is gone, the actor is.
    var unused = sendTo(keeper, new Frame.Kill(id));
  }

  OwnedActors actors() {
    return actors;
  }

  PlacementGroups groups() {
    return groups;
  }

  String holder() {
    return holder;
  }

  // ---- the other pods

  private void podsChanged() {
    if (closed) {
      return;
    }
    if (!network.holder().equals(holder)) {
      newLife();
    }
    Map<String, Node> there = new ConcurrentHashMap<>();
    String application = network.node().traits().applicationHash();
    for (Node peer : network.peers()) {
      if (peer.application().equals(application)) {
        there.put(peer.holder(), peer);
      }
    }
    sessions.forEach(
        (peer, opening) -> {
          PodSession session = opening.session;
          if (!there.containsKey(peer) && session != null) {
            session.close();
          }
        });
    there.forEach(this::connect);
  }

  /** This pod was taken for dead: nobody waits for what it was asked, or answers what it asked. */
  private void newLife() {
    Peer former = submissions.peers().stream().filter(Peer::self).findFirst().orElseThrow();
    holder = network.holder();
    former.node = network.node();
    sessions
        .values()
        .forEach(
            opening -> {
              if (opening.session != null) {
                opening.session.close();
              }
            });
    submissions.rename(former, holder);
  }

  private void connect(String peer, Node node) {
    Opening known = sessions.get(peer);
    if (known != null) {
      Peer there = known.peer;
      if (there != null) {
        there.node = state(node);
      }
      return;
    }
    Opening opening = new Opening();
    if (sessions.putIfAbsent(peer, opening) == null) {
      opening.session = network.open(node, new Outgoing(opening, node));
    }
  }

  static NodeState state(Node node) {
    return new NodeState(
        new NodeId(node.id()),
        node.incarnation(),
        NodeTraits.of(node.labels(), node.application()),
        node.capacity().offered(),
        node.state() == Node.State.DRAINING);
  }

  private @Nullable PodSession sessionTo(String peer) {
    Opening opening = sessions.get(peer);
    return opening == null ? null : opening.session;
  }

  /** False if there is no session with it. */
  private boolean sendTo(String peer, Frame frame) {
    PodSession session = sessionTo(peer);
    if (session != null) {
      session.send(FrameCodec.write(frame));
    }
    return session != null;
  }

  /** What is answered in the sessions that this pod began. */
  private final class Outgoing implements PodSession.Listener {
    private final Opening opening;
    private final Node node;

    Outgoing(Opening opening, Node node) {
      this.opening = opening;
      this.node = node;
    }

    @Override
    public void opened(PodSession session) {
      Peer peer = new Peer(node.holder(), state(node), session);
      opening.peer = peer;
      submissions.add(peer);
    }

    @Override
    public void received(PodSession session, ByteBuffer bytes) {
      Frame frame = FrameCodec.read(bytes);
      Peer peer = Objects.requireNonNull(opening.peer);
      if (frame instanceof Frame.Done done) {
        answered(peer, session, done);
      } else if (frame instanceof Frame.Failed failed) {
        if (failed.number() > 0) {
          submissions.failed(peer, failed.number(), failed.failure());
        } else if (!references.answered(failed.number(), null, failed.failure())
            && !transfers.failed(failed.number(), failed.failure().message())) {
          groups.refused(failed.number(), failed.failure());
        }
      } else if (frame instanceof Frame.Piece piece) {
        transfers.received(piece);
      } else if (frame instanceof Frame.Save save) {
        actors.save(save.actor(), save.generation(), save.state());
      }
    }

    private void answered(Peer peer, PodSession session, Frame.Done done) {
      if (done.number() > 0) {
        Runnable settle =
            done.refs()
                ? () -> session.send(FrameCodec.write(new Frame.Settled(done.number())))
                : null;
        submissions.done(peer, done.number(), done.value(), done.runNanos(), settle);
      } else if (!references.answered(done.number(), done.value(), null)) {
        groups.granted(done.number());
      }
    }

    @Override
    public void over(PodSession session, String why) {
      sessions.remove(node.holder(), opening);
      Peer peer = opening.peer;
      if (peer != null) {
        submissions.gone(peer, why);
      }
      references.gone(node.holder(), why);
      transfers.gone(node.holder(), why);
      groups.gone(node.holder());
      if (!closed) {
        var unused = alarms.after(RECONNECT, TaskNode.this::podsChanged);
      }
    }
  }

  // ---- calls that this pod owns

  private final class Sending implements Submissions.Sender {
    @Override
    public void send(Peer peer, Submission submission) {
      if (submission.attempt == 1 && submission.request.kind() == Call.Kind.TASK) {
        timeline.sent(submission.sentNanos - submission.submittedNanos);
      }
      Call call = call(submission, peer.self());
      long number = submission.number;
      if (!peer.self()) {
        Objects.requireNonNull(peer.session).send(FrameCodec.write(new Frame.Submit(number, call)));
        return;
      }
      Answer answer = new OwnAnswer(peer, number);
      switch (call.kind()) {
        case TASK -> executions.start(new Executions.Key(self, number), holder, call, answer);
        case ACTOR_START -> host.start(holder, call, answer);
        case ACTOR_CALL -> host.call(call, answer);
        case ACTOR_ROUTE -> calls.route(call, answer);
      }
    }

    @Override
    public void cancel(Peer peer, long number) {
      if (peer.self()) {
        executions.cancel(new Executions.Key(self, number));
      } else {
        Objects.requireNonNull(peer.session).send(FrameCodec.write(new Frame.Cancel(number)));
      }
    }

    @Override
    public void discard(Value value) {
      TaskNode.this.discard(value);
    }
  }

  private Call call(Submission submission, boolean local) {
    Submission.Request request = submission.request;
    PlacementGroupRef.Part part = request.bundle();
    return new Call(
        request.kind(),
        request.method() == null || request.kind() == Call.Kind.TASK
            ? request.name()
            : request.method().method().getName(),
        request.label(),
        new Call.Demand(
            request.resources().toString(),
            request.priority(),
            part == null ? null : part.group(),
            part == null ? 0 : part.index()),
        toActor(submission),
        submission.arguments.stream().map(argument -> value(argument, local)).toList());
  }

  private Value value(Submission.Argument argument, boolean local) {
    Value value =
        argument.object() == null
            ? Objects.requireNonNull(argument.value())
            : argument.object().value.join();
    return local || argument.type() == null ? value : values.outgoing(value, argument.type());
  }

  private Call.@Nullable ToActor toActor(Submission submission) {
    Submission.ActorCall actor = submission.actor;
    if (actor == null) {
      return null;
    }
    OwnedActor target = actor.target();
    return new Call.ToActor(
        target.id,
        target.generation,
        actor.delivery(),
        actor.caller(),
        actor.sequence(),
        target.options.limits().maxConcurrency(),
        target.options.limits().mailbox());
  }

  /** Answers of this pod to itself. */
  private final class OwnAnswer implements Answer {
    private final Peer peer;
    private final long number;

    OwnAnswer(Peer peer, long number) {
      this.peer = peer;
      this.number = number;
    }

    @Override
    public void done(Value value, long runNanos, List<ObjectRef<?>> refs) {
      // The references live for as long as what may let go of them.
      Runnable settle = refs.isEmpty() ? null : () -> refs.forEach(Objects::requireNonNull);
      submissions.done(peer, number, value, runNanos, settle);
    }

    @Override
    public void failed(Frame.Failure failure) {
      submissions.failed(peer, number, failure);
    }

    @Override
    public void save(ActorId actor, int generation, Value state) {
      actors.save(actor, generation, state);
    }

    @Override
    public boolean local() {
      return true;
    }
  }

  /** A call of another pod's to an actor of ours. */
  void route(Call call, Answer answer) {
    calls.route(call, answer);
  }

  Calls calls() {
    return calls;
  }

  /** As another pod can read it. */
  Value outgoing(ObjectEntry entry, Value value) {
    Submission maker = entry.maker;
    return value instanceof Value.Shared && maker != null && maker.request.method() != null
        ? values.outgoing(value, maker.request.method().result())
        : value;
  }

  private void kill(Peer peer, ActorId actor) {
    if (peer.self()) {
      host.kill(actor, "it was killed");
    } else {
      Objects.requireNonNull(peer.session).send(FrameCodec.write(new Frame.Kill(actor)));
    }
  }

  /** Nobody needs an object any more. */
  private void discard(Value value) {
    if (!(value instanceof Value.Stored stored)) {
      return;
    }
    if (stored.holder().equals(holder)) {
      values.delete(stored);
    } else {
      transfers.forget(stored.id());
      sendTo(stored.holder(), new Frame.Discard(stored.id()));
    }
  }

  /** Ends all sessions; what runs is interrupted by that. */
  @Override
  public void close() {
    closed = true;
    sessions
        .values()
        .forEach(
            opening -> {
              if (opening.session != null) {
                opening.session.close();
              }
            });
    alarms.close();
  }
}
