// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.PlacementGroup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What clients that speak no Java have this pod run: tasks, actors and placement groups by name,
 * with arguments and results in JSON. Each belongs to the caller it was made for. Results are kept
 * for the last thousand of this pod that ended (see {@link ClientResults}); actors live until they
 * are killed and groups until they are released, or the pod ends. Any thread.
 */
@ApplicationScoped
public class ClientWork {
  /** Of actors that live, and of placement groups, for all clients together. */
  private static final int MOST = 10_000;

  /** Larger results are not shown in JSON. */
  private static final long SHOWN_BYTES = 1 << 20;

  private Cluster cluster;
  private final ClientResults results = new ClientResults();
  private final Map<ActorId, String> actors = new ConcurrentHashMap<>();
  private final Map<GroupId, Reserved> groups = new ConcurrentHashMap<>();

  private record Reserved(PlacementGroupRef ref, String owner) {}

  /**
   * What a call came to.
   *
   * @param json null: there is none (yet), or it is not kept any more
   * @param tooLarge there is one that is larger than is shown
   */
  public record Result(@Nullable String json, boolean tooLarge) {
    static final Result NONE = new Result(null, false);
  }

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected ClientWork() {}

  @Inject
  public ClientWork(Cluster cluster) {
    this.cluster = cluster;
  }

  ClientResults results() {
    return results;
  }

  String ownerOf(ActorId id) {
    return actors.getOrDefault(id, "");
  }

  String ownerOf(GroupId id) {
    Reserved reserved = groups.get(id);
    return reserved == null ? "" : reserved.owner();
  }

  // ---- tasks

  /**
   * Submits a task.
   *
   * @param argumentsJson a JSON array
   * @return its id
   * @throws PartitaException NOT_FOUND, there is no such task; INVALID_ARGUMENT; UNAVAILABLE, too
   *     much has not ended
   */
  public String submit(Client client, String task, String argumentsJson, TaskOptions options) {
    TaskNode node = cluster.node();
    RemoteMethod method = node.registry().task(task);
    List<?> arguments = node.codec().fromJson(argumentsJson, method.arguments());
    return keep(client, cluster.calls().task(method, options, arguments), method);
  }

  private String keep(Client client, ObjectEntry result, RemoteMethod method) {
    ObjectRef<?> ref = cluster.node().refs().own(result, method.result());
    Submission submission = java.util.Objects.requireNonNull(result.maker);
    results.keep(new ClientResults.Kept(ref, submission, client.name()), result);
    return result.id.toString();
  }

  /**
   * Asks a task or call to end; nothing happens if it has.
   *
   * @throws PartitaException NOT_FOUND, FORBIDDEN
   */
  public void cancel(Client client, String id) {
    Submission submission = submission(id);
    client.mustSteer(ownerOf(submission), "task " + id);
    cluster.node().submissions().cancel(submission);
  }

  /** One that is open, or among the last that ended. */
  Submission submission(String id) {
    RefId ref = ClientIds.object(id, "task");
    ClientResults.Kept kept = results.find(ref);
    if (kept != null) {
      return kept.submission;
    }
    return cluster.node().submissions().all().stream()
        .filter(one -> one.result.id.equals(ref))
        .findFirst()
        .orElseThrow(() -> ClientIds.unknown("task", id));
  }

  String ownerOf(Submission submission) {
    ClientResults.Kept kept = results.find(submission.result.id);
    return kept == null ? "" : kept.owner;
  }

  /**
   * Waits until a task or call of a client ended.
   *
   * @param patience how long at most
   */
  public void await(Client client, String id, Duration patience) {
    ClientResults.Kept kept = results.find(ClientIds.object(id, "task"));
    if (kept == null || !client.sees(kept.owner)) {
      return;
    }
    CompletableFuture<Value> end = kept.submission.result.value;
    try {
      end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartitaException(ErrorCode.CANCELLED, "interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      return; // what became of it is told by its state
    }
  }

  /** What a task or call of a client came to; waits only for its bytes. */
  public Result result(Client client, String id) {
    ClientResults.Kept kept = results.find(ClientIds.object(id, "task"));
    if (kept == null || !client.sees(kept.owner) || kept.dropped() || !succeeded(kept)) {
      return Result.NONE;
    }
    if (ClientResults.size(kept.submission.result.value.getNow(null)) > SHOWN_BYTES) {
      return new Result(null, true);
    }
    try {
      String json = cluster.node().codec().toJson(kept.ref.get());
      return json.length() > SHOWN_BYTES ? new Result(null, true) : new Result(json, false);
    } catch (PartitaException e) {
      if (kept.dropped()) {
        return Result.NONE; // others ended meanwhile
      }
      throw e;
    }
  }

  private static boolean succeeded(ClientResults.Kept kept) {
    var value = kept.submission.result.value;
    return value.isDone() && !value.isCompletedExceptionally();
  }

  /**
   * Lets go of the object of a client's task or call.
   *
   * @throws PartitaException NOT_FOUND; FORBIDDEN; CONFLICT, a program refers to it, not a client
   */
  public void deleteObject(Client client, String id) {
    RefId ref = ClientIds.object(id, "object");
    ClientResults.Kept kept = results.find(ref);
    if (kept != null && !kept.dropped()) {
      client.mustSteer(kept.owner, "object " + id);
      results.drop(kept);
      return;
    }
    if (cluster.node().objects().all().stream().noneMatch(entry -> entry.id.equals(ref))) {
      throw ClientIds.unknown("object", id);
    }
    client.mustSteer("", "object " + id);
    throw new PartitaException(
        ErrorCode.CONFLICT, "object " + id + " goes when no program refers to it any more");
  }

  // ---- actors

  /**
   * Begins an actor.
   *
   * @param argumentJson for its start; null: none
   * @return its id
   * @throws PartitaException NOT_FOUND, there is no such class; INVALID_ARGUMENT
   */
  public String begin(
      Client client, String type, @Nullable String argumentJson, ActorOptions options) {
    TaskNode node = cluster.node();
    ActorType known = node.registry().actor(type);
    Object argument = null;
    if (argumentJson != null && known.argument() == null) {
      throw new PartitaException(ErrorCode.INVALID_ARGUMENT, type + " takes no argument");
    }
    if (argumentJson != null) {
      argument = node.codec().fromJson("[" + argumentJson + "]", List.of(known.argument())).get(0);
    }
    forgetTheDead(node);
    mustHaveRoom(actors.size(), "actors");
    OwnedActor actor = cluster.calls().actor(known, options, argument);
    actors.put(actor.id, client.name());
    return actor.id.toString();
  }

  private void forgetTheDead(TaskNode node) {
    if (actors.size() > ClientResults.KEPT) {
      Set<ActorId> known = new HashSet<>();
      node.actors().all().forEach(actor -> known.add(actor.id));
      actors.keySet().retainAll(known);
    }
  }

  private static void mustHaveRoom(int there, String what) {
    if (there >= MOST) {
      throw new PartitaException(
          ErrorCode.UNAVAILABLE, "clients have " + there + " " + what + " on this pod: end some");
    }
  }

  /**
   * Calls an actor.
   *
   * @param argumentsJson a JSON array
   * @param delivery null: as its options say
   * @return id of the call, as of a task
   * @throws PartitaException NOT_FOUND, no such actor or method; FORBIDDEN; INVALID_ARGUMENT
   */
  public String call(
      Client client, String id, String method, String argumentsJson, @Nullable Delivery delivery) {
    OwnedActor actor = actor(id);
    client.mustSteer(ownerOf(actor.id), "actor " + id);
    RemoteMethod called = actor.type.method(method);
    List<?> arguments = cluster.node().codec().fromJson(argumentsJson, called.arguments());
    Delivery promise = delivery == null ? actor.options.delivery() : delivery;
    return keep(client, cluster.calls().call(actor, called, promise, arguments), called);
  }

  /** Ends an actor; its calls fail with ACTOR_DIED. Nothing happens if it has ended. */
  public void kill(Client client, String id) {
    OwnedActor actor = actor(id);
    client.mustSteer(ownerOf(actor.id), "actor " + id);
    cluster.node().actors().kill(actor, "was killed by " + client.name());
  }

  private OwnedActor actor(String id) {
    OwnedActor actor = cluster.node().actors().find(ClientIds.actor(id));
    if (actor == null) {
      throw ClientIds.unknown("actor", id);
    }
    return actor;
  }

  // ---- placement groups

  /**
   * Reserves all bundles or none; waits until there is room.
   *
   * @return id of the group
   * @throws PartitaException PLACEMENT_INFEASIBLE at once if there never is; TIMEOUT; UNAVAILABLE
   */
  public String reserve(Client client, PlacementGroup group, Duration patience) {
    mustHaveRoom(groups.size(), "placement groups");
    PlacementGroupRef ref = cluster.reserve(group, patience);
    groups.put(ClientIds.group(ref.id()), new Reserved(ref, client.name()));
    return ref.id();
  }

  /** Gives everything back. */
  public void release(Client client, String id) {
    GroupId group = ClientIds.group(id);
    if (!cluster.node().groups().all().containsKey(group)) {
      throw ClientIds.unknown("placement group", id);
    }
    client.mustSteer(ownerOf(group), "placement group " + id);
    Reserved reserved = groups.remove(group);
    if (reserved == null) {
      cluster.node().groups().release(group);
    } else {
      reserved.ref().close();
    }
  }

  /**
   * A bundle to run in.
   *
   * @throws PartitaException NOT_FOUND; FORBIDDEN; INVALID_ARGUMENT, there is no such bundle
   */
  public PlacementGroupRef.Part bundle(Client client, String id, int index) {
    Reserved reserved = groups.get(ClientIds.group(id));
    if (reserved == null) {
      throw ClientIds.unknown("placement group", id);
    }
    client.mustSteer(reserved.owner(), "placement group " + id);
    if (index < 0 || index >= reserved.ref().size()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "placement group " + id + " has " + reserved.ref().size() + " bundles, from 0: " + index);
    }
    return reserved.ref().part(index);
  }
}
