// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import dev.partita.cluster.PodNetwork;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.scheduling.Resources;
import dev.partita.scheduling.Where;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Actors with a name: a row says which pod keeps each, and what it last saved. The keeper owns it
 * like any other actor; whoever calls it, on whichever pod, goes by the keeper. When that is gone,
 * the next that needs the actor takes the row, with the next fencing token, and begins it again
 * from what was saved: what a former keeper still saves is refused. Any thread.
 */
final class NamedActors {
  private static final Duration AGAIN = Duration.ofMillis(200);
  private static final int MOST_LOOKS = 150;

  private final Supplier<NamedActorRepository> rows;
  private final TaskNode node;
  private final PodNetwork network;
  private final Executor threads;
  private final Alarms alarms;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  NamedActors(
      Supplier<NamedActorRepository> rows,
      TaskNode node,
      PodNetwork network,
      Executor threads,
      Alarms alarms) {
    this.rows = rows;
    this.node = node;
    this.network = network;
    this.threads = threads;
    this.alarms = alarms;
  }

  /** One that this pod keeps, in the life of that name. */
  private record Kept(OwnedActor actor, String holder, long generation) {}

  /** What of {@link ActorOptions} is kept. */
  record Options(
      String resources,
      List<String> pools,
      Map<String, String> labels,
      int maxRestarts,
      Delivery delivery,
      int maxConcurrency,
      int mailbox) {

    static Options of(ActorOptions options) {
      return new Options(
          options.resources().toString(),
          options.where().pools(),
          options.where().labels(),
          options.maxRestarts(),
          options.delivery(),
          options.limits().maxConcurrency(),
          options.limits().mailbox());
    }

    ActorOptions options(String name) {
      return new ActorOptions(
          name,
          Resources.parse(resources),
          new Where(pools, labels, ""),
          maxRestarts,
          delivery,
          new ActorOptions.Limits(maxConcurrency, mailbox),
          null);
    }
  }

  /**
   * The actor of that name; begins it if there is none.
   *
   * @param argument of its start, where it has to begin
   */
  OwnedActor get(String name, ActorType type, ActorOptions options, @Nullable Object argument) {
    if (name.isEmpty() || name.length() > 200) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, "the name of an actor has 1 to 200 characters: " + name);
    }
    Calls.check(type, options, argument);
    NamedActorRepository.Row wanted =
        new NamedActorRepository.Row(
            name,
            Ids.actor(),
            type.name(),
            node.codec().encode(Options.of(options), optionsType()),
            type.argument() == null ? null : node.codec().encode(argument, type.argument()),
            null,
            node.holder(),
            1);
    NamedActorRepository.Row row = apart(() -> home(name, wanted));
    if (!row.type().equals(type.name())) {
      throw new PartitaException(
          ErrorCode.CONFLICT, "actor '" + name + "' is a " + row.type() + ", not a " + type.name());
    }
    return node.actors().named(row.holder(), row.id(), type, options(row));
  }

  private JavaType optionsType() {
    return node.codec().type(Options.class);
  }

  private ActorOptions options(NamedActorRepository.Row row) {
    return ((Options) Objects.requireNonNull(node.codec().decode(row.options(), optionsType())))
        .options(row.name());
  }

  /** SQL is not for the transaction of whoever calls. */
  private <T> T apart(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, threads).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PartitaException known) {
        throw known;
      }
      throw new PartitaException(ErrorCode.INTERNAL, String.valueOf(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartitaException(ErrorCode.CANCELLED, "interrupted", e);
    }
  }

  /** The row of a keeper that lives: makes it, or takes it from one that is gone. */
  private NamedActorRepository.Row home(String name, NamedActorRepository.@Nullable Row wanted) {
    for (int look = 0; look < MOST_LOOKS; look++) {
      NamedActorRepository.Row row = rows.get().find(name).orElse(null);
      if (row == null) {
        if (wanted == null) {
          throw new PartitaException(ErrorCode.ACTOR_DIED, "actor '" + name + "' was ended");
        }
        if (rows.get().insert(wanted)) {
          keep(wanted);
          return wanted;
        }
      } else if (lives(row)) {
        return row;
      } else if (rows.get().claim(row, node.holder())) {
        NamedActorRepository.Row mine =
            new NamedActorRepository.Row(
                name,
                row.id(),
                row.type(),
                row.options(),
                row.argument(),
                rows.get().find(name).map(NamedActorRepository.Row::state).orElse(null),
                node.holder(),
                row.generation() + 1);
        keep(mine);
        return mine;
      }
    }
    throw new PartitaException(ErrorCode.UNAVAILABLE, "actor '" + name + "' finds no keeper");
  }

  /** As the members see it: a session may be late. */
  private boolean lives(NamedActorRepository.Row row) {
    if (row.holder().equals(node.holder())) {
      Kept mine = kept.get(row.name());
      return mine != null && mine.generation() == row.generation();
    }
    return network.peers().stream().anyMatch(peer -> peer.holder().equals(row.holder()));
  }

  private void keep(NamedActorRepository.Row row) {
    ActorType type = node.registry().actor(row.type());
    List<Submission.Argument> start = new ArrayList<>();
    if (type.argument() != null) {
      start.add(
          new Submission.Argument(
              new Value.Inline(Objects.requireNonNull(row.argument())),
              null,
              type.argument(),
              () -> {}));
    }
    OwnedActor actor = new OwnedActor(row.id(), type, options(row), start);
    byte[] state = row.state();
    actor.snapshot = state == null ? null : new Value.Inline(state);
    actor.saver = bytes -> save(row.name(), row.generation(), bytes);
    Kept former = kept.put(row.name(), new Kept(actor, row.holder(), row.generation()));
    if (former != null) {
      node.actors().kill(former.actor(), "was taken over");
    }
    node.actors().add(actor);
  }

  /** Before the answers that follow from it; false if they must not be given. */
  private boolean save(String name, long generation, byte[] state) {
    return rows.get().save(name, generation, state);
  }

  /** The keeper of an actor that is called from here is gone: finds the next, in the background. */
  void rehome(OwnedActor actor) {
    threads.execute(
        () -> {
          try {
            NamedActorRepository.Row row = home(actor.label(), null);
            if (!node.actors().moved(actor, row.holder())) {
              later(actor);
            }
          } catch (PartitaException e) {
            if (e.code() == ErrorCode.ACTOR_DIED) {
              node.actors().kill(actor, "was ended");
            } else {
              later(actor);
            }
          }
        });
  }

  private void later(OwnedActor actor) {
    var unused = alarms.after(AGAIN, () -> rehome(actor));
  }

  /** Ends the actor of that name, wherever it is kept; nothing happens if there is none. */
  void end(String name) {
    apart(
        () -> {
          NamedActorRepository.Row row = rows.get().find(name).orElse(null);
          rows.get().delete(name);
          Kept mine = kept.remove(name);
          if (mine != null) {
            node.actors().kill(mine.actor(), "was ended");
          } else if (row != null) {
            node.endElsewhere(row.holder(), row.id());
          }
          return Boolean.TRUE;
        });
  }
}
