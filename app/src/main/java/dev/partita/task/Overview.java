// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What this pod owns, for people: tasks, calls, actors, objects and placement groups, as they are
 * at one moment. A client is told of those it may see. Any thread.
 */
@ApplicationScoped
public class Overview {
  private Cluster cluster;
  private ClientWork work;

  /** For the container's proxy. */
  @SuppressWarnings("NullAway.Init")
  protected Overview() {}

  @Inject
  public Overview(Cluster cluster, ClientWork work) {
    this.cluster = cluster;
    this.work = work;
  }

  /** Name of this pod's life. */
  public String pod() {
    return cluster.node().holder();
  }

  /** Names of the tasks and of the classes of actors that there are. */
  public record Registered(List<String> tasks, List<String> actors) {}

  /** What may be called by name. */
  public Registered registered() {
    Registry registry = cluster.node().registry();
    return new Registered(
        List.copyOf(registry.tasks().keySet()), List.copyOf(registry.actors().keySet()));
  }

  // ---- tasks

  /** Tasks and calls that have not ended, and the last thousand that have; in no order. */
  public List<TaskInfo> tasks(Client client) {
    Map<RefId, String> owners = work.results().owners();
    Submissions submissions = cluster.node().submissions();
    List<Seen> seen = new ArrayList<>();
    // Only a few fields each under the lock, which sending needs.
    submissions.locked(
        () -> {
          for (Submission one : submissions.all()) {
            if (one.request.kind() != Call.Kind.ACTOR_START
                && client.sees(owners.getOrDefault(one.result.id, ""))) {
              seen.add(Seen.of(one));
            }
          }
        });
    return seen.stream().map(one -> one.info(owners)).toList();
  }

  /** One of these. */
  public TaskInfo task(Client client, String id) {
    Submission submission = work.submission(id);
    String owner = work.ownerOf(submission);
    client.mustSee(owner, "task " + id);
    Seen[] seen = new Seen[1];
    cluster.node().submissions().locked(() -> seen[0] = Seen.of(submission));
    return seen[0].info(Map.of(submission.result.id, owner));
  }

  /** How many are in each state. */
  public Map<String, Long> taskStates(Client client) {
    Map<String, Long> states = new TreeMap<>();
    tasks(client).forEach(task -> states.merge(task.state(), 1L, Long::sum));
    return states;
  }

  /** A submission at one moment. */
  private record Seen(
      Submission of,
      Submission.State state,
      @Nullable Peer peer,
      int attempt,
      long sentNanos,
      long endedNanos) {

    static Seen of(Submission one) {
      return new Seen(one, one.state, one.peer, one.attempt, one.sentNanos, one.endedNanos);
    }

    TaskInfo info(Map<RefId, String> owners) {
      RefId id = of.result.id;
      Submission.Request request = of.request;
      return new TaskInfo(
          id.toString(),
          request.label(),
          request.kind().name(),
          state.name(),
          owners.getOrDefault(id, ""),
          new TaskInfo.Run(
              peer == null ? "" : peer.holder,
              attempt,
              Instant.ofEpochMilli(of.submittedMillis),
              attempt == 0 ? null : at(sentNanos),
              state.ended() ? at(endedNanos) : null),
          state.ended() ? failure(of.result.value) : null);
    }

    private Instant at(long nanos) {
      return Instant.ofEpochMilli(of.submittedMillis).plusNanos(nanos - of.submittedNanos);
    }
  }

  private static TaskInfo.@Nullable Failure failure(CompletableFuture<Value> value) {
    if (!value.isCompletedExceptionally()) {
      return null;
    }
    Throwable[] thrown = new Throwable[1];
    var unused = value.whenComplete((there, failure) -> thrown[0] = failure);
    return thrown[0] instanceof TaskFailure known
        ? new TaskInfo.Failure(
            known.code(), String.valueOf(known.getMessage()), known.remoteStack())
        : null;
  }

  // ---- actors

  /** Actors of this pod, wherever they live, and the last thousand that died; in no order. */
  public List<ActorInfo> actors(Client client) {
    List<ActorInfo> all = new ArrayList<>();
    TaskNode node = cluster.node();
    node.submissions()
        .locked(
            () -> {
              for (OwnedActor actor : node.actors().all()) {
                String owner = work.ownerOf(actor.id);
                if (client.sees(owner)) {
                  all.add(info(actor, owner));
                }
              }
            });
    return all;
  }

  /** One of these. */
  public ActorInfo actor(Client client, String id) {
    TaskNode node = cluster.node();
    OwnedActor actor = node.actors().find(ClientIds.actor(id));
    if (actor == null) {
      throw ClientIds.unknown("actor", id);
    }
    String owner = work.ownerOf(actor.id);
    client.mustSee(owner, "actor " + id);
    ActorInfo[] seen = new ActorInfo[1];
    node.submissions().locked(() -> seen[0] = info(actor, owner));
    return seen[0];
  }

  private static ActorInfo info(OwnedActor actor, String owner) {
    Peer peer = actor.peer;
    Frame.Failure death = actor.death;
    return new ActorInfo(
        actor.id.toString(),
        actor.type.name(),
        actor.options.name(),
        actor.state.name(),
        owner,
        new ActorInfo.Life(
            peer == null ? "" : peer.holder,
            actor.generation,
            actor.restarts,
            Instant.ofEpochMilli(actor.createdMillis),
            death == null
                ? null
                : new TaskInfo.Failure(death.code(), death.message(), death.stack())),
        new ActorInfo.Load(actor.queue.size(), actor.underWay.size()));
  }

  // ---- objects

  /** Objects of this pod, wherever their bytes are; in no order. */
  public List<ObjectInfo> objects(Client client) {
    Map<RefId, String> owners = work.results().owners();
    return cluster.node().objects().all().stream()
        .filter(entry -> client.sees(owners.getOrDefault(entry.id, "")))
        .filter(Overview::isForPeople)
        .map(entry -> info(entry, owners.getOrDefault(entry.id, "")))
        .toList();
  }

  /** One of these. */
  public ObjectInfo object(Client client, String id) {
    RefId ref = ClientIds.object(id, "object");
    ObjectEntry entry =
        cluster.node().objects().all().stream()
            .filter(one -> one.id.equals(ref))
            .findFirst()
            .orElseThrow(() -> ClientIds.unknown("object", id));
    ClientResults.Kept kept = work.results().find(ref);
    String owner = kept == null ? "" : kept.owner;
    client.mustSee(owner, "object " + id);
    return info(entry, owner);
  }

  /** The beginning of an actor makes nothing that anybody could use. */
  private static boolean isForPeople(ObjectEntry entry) {
    Submission maker = entry.maker;
    return maker == null || maker.request.kind() != Call.Kind.ACTOR_START;
  }

  private static ObjectInfo info(ObjectEntry entry, String owner) {
    CompletableFuture<Value> future = entry.value;
    Value value = future.isCompletedExceptionally() ? null : future.getNow(null);
    Submission maker = entry.maker;
    ObjectInfo.Held held;
    synchronized (entry) {
      held =
          new ObjectInfo.Held(
              value instanceof Value.Stored stored ? stored.holder() : "",
              entry.holds,
              List.copyOf(entry.borrowers.keySet()));
    }
    return new ObjectInfo(
        entry.id.toString(),
        future.isCompletedExceptionally() ? "FAILED" : value == null ? "PENDING" : "AVAILABLE",
        owner,
        ClientResults.size(value),
        maker == null ? "" : maker.request.label(),
        held);
  }

  // ---- placement groups

  /** Placement groups that this pod had reserved; in no order. */
  public List<PlacementGroupInfo> groups(Client client) {
    List<PlacementGroupInfo> all = new ArrayList<>();
    cluster
        .node()
        .groups()
        .all()
        .forEach(
            (id, pods) -> {
              String owner = work.ownerOf(id);
              if (client.sees(owner)) {
                all.add(info(id, pods, owner));
              }
            });
    return all;
  }

  /** One of these. */
  public PlacementGroupInfo group(Client client, String id) {
    GroupId group = ClientIds.group(id);
    Map<GroupId, List<String>> all = new HashMap<>(cluster.node().groups().all());
    List<String> pods = all.get(group);
    if (pods == null) {
      throw ClientIds.unknown("placement group", id);
    }
    String owner = work.ownerOf(group);
    client.mustSee(owner, "placement group " + id);
    return info(group, pods, owner);
  }

  private static PlacementGroupInfo info(GroupId id, List<String> pods, String owner) {
    List<PlacementGroupInfo.BundlePlace> bundles = new ArrayList<>();
    for (int i = 0; i < pods.size(); i++) {
      bundles.add(new PlacementGroupInfo.BundlePlace(i, pods.get(i)));
    }
    return new PlacementGroupInfo(id.toString(), owner, bundles);
  }
}
