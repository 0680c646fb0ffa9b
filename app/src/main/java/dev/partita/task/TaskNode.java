// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.cluster.PodNetwork;
import dev.partita.cluster.PodSession;
import dev.partita.objectstore.ObjectStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
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
  private final BegunSessions sessions;
  private final ServedSessions served;
  private final Calls calls;

  private volatile String holder;

  /**
   * What a pod has.
   *
   * @param beans the classes that may be called, and where their instances come from
   * @param names rows of the actors that have names
   * @param cancelGrace how long what was cancelled may take to end before it is counted as fenced
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
    sessions = new BegunSessions(this, network, alarms);
    Function<String, @Nullable PodSession> to = sessions::to;
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
    groups = new PlacementGroups(submissions, runner, sessions::send, numbers);
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
    var unused = sessions.send(keeper, new Frame.Kill(id));
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

  /** Pods came or went, or this one has another life. */
  private void podsChanged() {
    if (!network.holder().equals(holder)) {
      newLife();
    }
    sessions.look();
  }

  /** This pod was taken for dead: nobody waits for what it was asked, or answers what it asked. */
  private void newLife() {
    Peer self = submissions.peers().stream().filter(Peer::self).findFirst().orElseThrow();
    holder = network.holder();
    self.node = network.node();
    sessions.endAll();
    submissions.rename(self, holder);
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
      // Where that pod is gone, so is the object.
      var unused = sessions.send(stored.holder(), new Frame.Discard(stored.id()));
    }
  }

  /**
   * Cancels what this pod asked for, and ends all sessions: what others asked for is interrupted.
   */
  @Override
  public void close() {
    submissions.close();
    sessions.close();
    alarms.close();
  }
}
