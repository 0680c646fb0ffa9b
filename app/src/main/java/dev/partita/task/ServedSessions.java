// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.cluster.PodSession;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.objectstore.ObjectId;
import dev.partita.scheduling.Resources;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sessions that other pods began: what they ask of this pod, and what it keeps for them. */
final class ServedSessions implements PodSession.Listener {
  private final TaskNode node;
  private final Map<PodSession, Kept> kept = new ConcurrentHashMap<>();

  ServedSessions(TaskNode node) {
    this.node = node;
  }

  /** For one session; given up when it is over. */
  private static final class Kept {
    /** In the arena, made for the other pod. */
    final Set<ObjectId> results = ConcurrentHashMap.newKeySet();

    /** What the answers that were given refer to, by number. */
    final Map<Long, List<ObjectRef<?>>> refs = new ConcurrentHashMap<>();

    final Set<GroupId> groups = ConcurrentHashMap.newKeySet();
  }

  private Kept keptFor(PodSession session) {
    return kept.computeIfAbsent(session, s -> new Kept());
  }

  @Override
  public void received(PodSession session, ByteBuffer bytes) {
    Frame frame = FrameCodec.read(bytes);
    try {
      received(session, frame);
    } catch (PartitaException e) {
      if (frame instanceof Frame.Numbered question) {
        fail(session, question.number(), e);
      }
    }
  }

  private void received(PodSession session, @Nullable Frame frame) {
    if (frame instanceof Frame.Submit submit) {
      start(session, submit);
    } else if (frame instanceof Frame.Cancel cancel) {
      node.executions().cancel(new Executions.Key(session, cancel.number()));
    } else if (frame instanceof Frame.Settled settled) {
      keptFor(session).refs.remove(settled.number());
    } else if (frame instanceof Frame.Ask ask) {
      answer(session, ask);
    } else if (frame instanceof Frame.Borrow borrow) {
      lend(session, borrow);
    } else if (frame instanceof Frame.Return back) {
      back.refs().forEach(ref -> node.objects().takeBack(ref, session.peer()));
    } else if (frame instanceof Frame.Fetch fetch) {
      node.transfers().serve(session, fetch);
    } else if (frame instanceof Frame.Discard discard) {
      if (keptFor(session).results.remove(discard.id())) {
        node.values().delete(new Value.Stored(discard.id(), 0, node.holder()));
      }
    } else if (frame instanceof Frame.Kill kill) {
      node.host().kill(kill.actor(), "it was killed");
      OwnedActor owned = node.actors().find(kill.actor());
      if (owned != null) {
        node.actors().kill(owned, "was ended");
      }
    } else if (frame instanceof Frame.Reserve reserve) {
      reserve(session, reserve);
    } else if (frame instanceof Frame.Unreserve unreserve) {
      keptFor(session).groups.remove(unreserve.group());
      node.runner().unreserve(unreserve.group());
    }
  }

  private void start(PodSession session, Frame.Submit submit) {
    Call call = submit.call();
    Answer answer = new RemoteAnswer(session, submit.number(), keptFor(session));
    switch (call.kind()) {
      case TASK ->
          node.executions()
              .start(new Executions.Key(session, submit.number()), session.peer(), call, answer);
      case ACTOR_START -> node.host().start(session.peer(), call, answer);
      case ACTOR_CALL -> node.host().call(call, answer);
      case ACTOR_ROUTE -> node.route(call, answer);
    }
  }

  private void answer(PodSession session, Frame.Ask ask) {
    ObjectEntry entry;
    try {
      entry = node.objects().find(ask.ref());
    } catch (PartitaException e) {
      fail(session, ask.number(), e);
      return;
    }
    entry.whenDone(
        (value, failure) -> {
          if (failure == null) {
            session.send(
                FrameCodec.write(new Frame.Done(ask.number(), node.outgoing(entry, value))));
          } else {
            fail(
                session,
                ask.number(),
                failure instanceof PartitaException known
                    ? known
                    : new PartitaException(ErrorCode.INTERNAL, String.valueOf(failure)));
          }
        });
  }

  private static void fail(PodSession session, long number, PartitaException e) {
    Frame.Failure failure =
        e instanceof TaskFailure known
            ? new Frame.Failure(
                known.code(), "", String.valueOf(known.getMessage()), known.remoteStack())
            : Failures.of(e.code(), String.valueOf(e.getMessage()));
    session.send(FrameCodec.write(new Frame.Failed(number, failure)));
  }

  private void lend(PodSession session, Frame.Borrow borrow) {
    try {
      borrow.refs().forEach(ref -> node.objects().lend(ref, session.peer()));
      session.send(
          FrameCodec.write(new Frame.Done(borrow.number(), new Value.Inline(new byte[0]))));
    } catch (PartitaException e) {
      fail(session, borrow.number(), e);
    }
  }

  private void reserve(PodSession session, Frame.Reserve reserve) {
    try {
      node.runner()
          .reserve(
              reserve.group(),
              reserve.bundles(),
              reserve.resources().stream().map(Resources::parse).toList());
      keptFor(session).groups.add(reserve.group());
      session.send(
          FrameCodec.write(new Frame.Done(reserve.number(), new Value.Inline(new byte[0]))));
    } catch (PartitaException e) {
      fail(session, reserve.number(), e);
    }
  }

  @Override
  public void over(PodSession session, String why) {
    Kept former = kept.remove(session);
    node.executions().cancelAll(session);
    node.host().ownerGone(session.peer());
    node.objects().borrowerGone(session.peer());
    if (former != null) {
      former.groups.forEach(node.runner()::unreserve);
      former.results.forEach(id -> node.values().delete(new Value.Stored(id, 0, node.holder())));
    }
  }

  /** Answers to another pod. */
  private record RemoteAnswer(PodSession session, long number, Kept kept) implements Answer {
    @Override
    public void done(Value value, long runNanos, List<ObjectRef<?>> refs) {
      if (!refs.isEmpty()) {
        kept.refs.put(number, refs);
      }
      if (value instanceof Value.Stored stored) {
        kept.results.add(stored.id());
      }
      Value sent = value instanceof Value.Shared ? new Value.Inline(new byte[] {NOTHING}) : value;
      session.send(FrameCodec.write(new Frame.Done(number, sent, runNanos, !refs.isEmpty())));
    }

    /** Null in CBOR: what a start answers. */
    private static final byte NOTHING = (byte) 0xF6;

    @Override
    public void failed(Frame.Failure failure) {
      session.send(FrameCodec.write(new Frame.Failed(number, failure)));
    }

    @Override
    public void save(ActorId actor, int generation, Value state) {
      session.send(FrameCodec.write(new Frame.Save(actor, generation, state)));
    }

    @Override
    public boolean local() {
      return false;
    }
  }
}
