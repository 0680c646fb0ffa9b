// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The actors that live on this pod, for owners here and elsewhere. Any thread. */
final class ActorHost {
  private final Executions executions;
  private final Map<ActorId, HostedActor> actors = new ConcurrentHashMap<>();

  ActorHost(Executions executions) {
    this.executions = executions;
  }

  void start(String owner, Call call, Answer answer) {
    HostedActor actor;
    try {
      actor =
          new HostedActor(
              executions, owner, executions.registry().actor(call.name()), call, answer);
    } catch (PartitaException e) {
      answer.failed(Failures.of(e.code(), String.valueOf(e.getMessage())));
      return;
    }
    HostedActor former = actors.put(actor.id, actor);
    if (former != null) {
      former.end("it was started again");
    }
    actor.begin();
  }

  void call(Call call, Answer answer) {
    Call.ToActor to = Objects.requireNonNull(call.to());
    HostedActor actor = actors.get(to.actor());
    if (actor == null || actor.generation != to.generation()) {
      answer.failed(
          Failures.of(
              ErrorCode.ACTOR_DIED, call.label() + ": actor " + to.actor() + " is not here"));
      return;
    }
    RemoteMethod method;
    try {
      method = actor.type.method(call.name());
      method.checkCount(call.values().size());
    } catch (PartitaException e) {
      answer.failed(Failures.of(e.code(), String.valueOf(e.getMessage())));
      return;
    }
    actor.call(method, call, answer);
  }

  void kill(ActorId id, String why) {
    HostedActor actor = actors.remove(id);
    if (actor != null) {
      actor.end(why);
    }
  }

  /** An owner is gone, and with it its actors. */
  void ownerGone(String owner) {
    for (HostedActor actor : List.copyOf(actors.values())) {
      if (actor.owner.equals(owner)) {
        kill(actor.id, "its owner " + owner + " is gone");
      }
    }
  }

  List<HostedActor> all() {
    return new ArrayList<>(actors.values());
  }
}
