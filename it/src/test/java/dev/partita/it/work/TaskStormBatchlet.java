// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.work;

import dev.partita.batch.JobProgress;
import dev.partita.batch.StepProgress;
import dev.partita.error.PartitaException;
import dev.partita.task.ActorOptions;
import dev.partita.task.ActorRef;
import dev.partita.task.Cluster;
import dev.partita.task.Delivery;
import dev.partita.task.ObjectRef;
import dev.partita.task.TaskOptions;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.runtime.context.StepContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.ArrayList;
import java.util.List;

/**
 * Tasks, and calls of actors with each promise, for a while and all at once. Its exit status counts
 * what did not keep its promise.
 */
@Named
@Dependent
@SuppressWarnings("NullAway.Init")
public class TaskStormBatchlet extends AbstractBatchlet {
  private static final int CALLS = 100;

  @Inject private Cluster cluster;
  @Inject private StepContext step;
  @Inject private JobProgress progress;

  @Inject
  @BatchProperty(name = "tasks")
  private String tasks;

  @Inject
  @BatchProperty(name = "actors")
  private String actors;

  @Override
  public String process() {
    StepProgress own = progress.of(step);
    int count = Integer.parseInt(tasks);
    List<ObjectRef<Long>> squares = new ArrayList<>();
    TaskOptions retrying = TaskOptions.DEFAULT.withMaxRetries(1_000);
    for (int i = 0; i < count; i++) {
      squares.add(cluster.submit(retrying, Squares::square, (long) i, 3));
    }
    List<ActorRef<Adder>> adders = new ArrayList<>();
    List<List<ObjectRef<Long>>> sums = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(actors); i++) {
      adders.add(
          cluster.actor(Adder.class, ActorOptions.DEFAULT.withDelivery(Delivery.EXACTLY_ONCE)));
      sums.add(new ArrayList<>());
    }
    // Its states are rows.
    String name = "storm-" + own.instanceId();
    adders.add(
        cluster.named(name, Adder.class, ActorOptions.DEFAULT.withDelivery(Delivery.EXACTLY_ONCE)));
    sums.add(new ArrayList<>());
    ActorRef<Recorder> recorder =
        cluster.replicas(
            4, Recorder.class, ActorOptions.DEFAULT.withDelivery(Delivery.AT_MOST_ONCE));
    List<ObjectRef<Integer>> records = new ArrayList<>();
    for (int call = 1; call <= CALLS; call++) {
      for (int i = 0; i < adders.size(); i++) {
        sums.get(i).add(adders.get(i).call(Adder::add, 1L));
      }
      for (int i = 0; i < 10; i++) {
        records.add(recorder.call(Recorder::record, own.instanceId(), records.size()));
      }
      // So that there is something to do for as long as tasks run.
      squares.get(call * count / CALLS - 1).get();
      own.progress(call, CALLS, "rounds");
    }
    String found =
        String.format(
            "wrongTasks=%d inexact=%d recorded=%d unknown=%d",
            wrong(squares), inexact(sums), recorded(records), unknown(records));
    adders.forEach(ActorRef::close);
    cluster.end(name);
    recorder.close();
    return found;
  }

  private static int wrong(List<ObjectRef<Long>> squares) {
    int wrong = 0;
    for (int i = 0; i < squares.size(); i++) {
      wrong += squares.get(i).get() == (long) i * i ? 0 : 1;
    }
    return wrong;
  }

  private static int inexact(List<List<ObjectRef<Long>>> sums) {
    int inexact = 0;
    for (List<ObjectRef<Long>> of : sums) {
      for (int i = 0; i < of.size(); i++) {
        inexact += of.get(i).get() == i + 1 ? 0 : 1;
      }
    }
    return inexact;
  }

  private static long recorded(List<ObjectRef<Integer>> records) {
    return records.stream().filter(TaskStormBatchlet::known).count();
  }

  private static long unknown(List<ObjectRef<Integer>> records) {
    return records.stream().filter(record -> !known(record)).count();
  }

  private static boolean known(ObjectRef<Integer> record) {
    try {
      record.get();
      return true;
    } catch (PartitaException e) {
      return false;
    }
  }
}
