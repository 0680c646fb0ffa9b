// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import dev.partita.nativecore.global.PartitaCore;
import dev.partita.nativecore.ptc_rank;
import dev.partita.nativecore.ptc_update;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_gloo;

/**
 * The core beside libtorch doing the same work, in turns, in one process of its own: a fused AdamW
 * step in one thread, and an all-reduce between two ranks.
 */
final class TorchPeers {
  private static final int RUNS = 15;
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final long PARAMETERS = 1L << 24; // 64 MiB of float32, past the caches

  // Lists with names: TorchScript takes a call on unnamed ones for one without effect and drops it.
  private static final String FUSED_ADAMW =
      """
      def step(weight: Tensor, gradient: Tensor, m: Tensor, v: Tensor, count: Tensor) -> Tensor:
          weights = [weight]
          gradients = [gradient]
          ms = [m]
          vs = [v]
          largest: List[Tensor] = []
          counts = [count]
          torch._fused_adamw_(weights, gradients, ms, vs, largest, counts, lr=1e-3, beta1=0.9,
                              beta2=0.999, weight_decay=0.01, eps=1e-8, amsgrad=False, maximize=False)
          return weights[0]
      """;

  private TorchPeers() {}

  /** Prints a line of JSON per figure. */
  public static void main(String[] arguments) throws Exception {
    torch.set_num_threads(1);
    System.out.println(adamW().json(Bench.load()));
    System.out.println(allReduce().json(Bench.load()));
  }

  /** Memory of the core, with huge pages where it is large, filled so that every page is there. */
  private static FloatPointer memory(long seed) {
    Pointer memory = new Pointer();
    check(PartitaCore.ptc_alloc(PARAMETERS * Float.BYTES, memory));
    FloatPointer floats = new FloatPointer(memory);
    floats.capacity(PARAMETERS);
    check(PartitaCore.ptc_fill_uniform(floats, PARAMETERS, seed, 0.001f, 1f));
    return floats;
  }

  private static Figure adamW() {
    FloatPointer[] state = {memory(1), memory(2), memory(3), memory(4)};
    ptc_update update = new ptc_update();
    update.weight(state[0]).gradient(state[1]).m(state[2]).v(state[3]).count(PARAMETERS);
    update.bfloat16_weight(null).gradient_dtype(PartitaCore.PTC_FLOAT32).weight_decay(0.01f);
    CompilationUnit program = torch.compile(FUSED_ADAMW);
    Function step = program.get_function(new QualifiedName("step"));
    IValueVector inputs = new IValueVector();
    for (FloatPointer values : state) {
      inputs.push_back(new IValue(torch.from_blob(values, PARAMETERS)));
    }
    inputs.push_back(new IValue(torch.ones(1).squeeze()));
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    float before = state[0].get(0);
    step.apply(inputs).close();
    if (state[0].get(0) == before) {
      throw new IllegalStateException("libtorch's step changed nothing");
    }
    for (int run = -3; run < RUNS; run++) {
      double mine =
          seconds(
              () ->
                  check(
                      PartitaCore.ptc_adamw_step(
                          null, update, 1, (float[]) null, 1e-3f, 0.9f, 0.999f, 1e-8f, 1)));
      double other = seconds(() -> step.apply(inputs).close());
      if (run >= 0) {
        ours.add(28e-9 * PARAMETERS / mine);
        theirs.add(28e-9 * PARAMETERS / other);
      }
    }
    Figure peer = Figure.of("kernels", "libtorch", "GB/s", theirs);
    return Figure.of("kernels", "fused_adamw_1_thread_inpod", "GB/s", ours)
        .within(peer.median(), "libtorch's _fused_adamw_ on the same memory, one thread, in turns");
  }

  private static Figure allReduce() throws Exception {
    Loader.load(torch_gloo.class);
    int ranks = 2;
    long slotBytes = 256 << 10;
    long groupBytes = PartitaCore.ptc_group_bytes(ranks, slotBytes);
    Pointer group = new Pointer();
    check(PartitaCore.ptc_alloc(groupBytes, group));
    check(PartitaCore.ptc_group_create(group, groupBytes, ranks, slotBytes));
    Path meeting = Files.createTempFile("gloo", ".store");
    CyclicBarrier start = new CyclicBarrier(ranks);
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int r = 0; r < ranks; r++) {
      int number = r;
      Thread thread =
          new Thread(
              () -> {
                try {
                  reduceInTurns(number, group, groupBytes, meeting, start, ours, theirs);
                } catch (Exception | LinkageError e) {
                  synchronized (failures) {
                    failures.add(e);
                  }
                }
              },
              "rank-" + r);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Files.deleteIfExists(meeting);
    if (!failures.isEmpty()) {
      throw new IllegalStateException("A rank failed", failures.get(0));
    }
    Figure peer = Figure.of("kernels", "gloo", "GB/s", theirs);
    return Figure.of("kernels", "all_reduce_64mib_2_ranks_inpod", "GB/s", ours)
        .within(peer.median(), "Gloo of libtorch over loopback, the same two threads, in turns");
  }

  private static void reduceInTurns(
      int number,
      Pointer group,
      long groupBytes,
      Path meeting,
      CyclicBarrier start,
      List<Double> ours,
      List<Double> theirs)
      throws Exception {
    FloatPointer values = memory(number);
    ptc_rank rank = new ptc_rank();
    check(PartitaCore.ptc_rank_join(group, groupBytes, number, TIMEOUT_MILLIS, rank));
    PointerPointer<Pointer> shards = new PointerPointer<>(1);
    shards.put(0, values);
    ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create();
    options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname("127.0.0.1")));
    ProcessGroupGloo gloo =
        new ProcessGroupGloo(new FileStore(meeting.toString(), 2), number, 2, options);
    TensorVector tensors = new TensorVector(torch.from_blob(values, PARAMETERS));
    for (int run = -2; run < RUNS; run++) {
      start.await();
      double mine =
          seconds(
              () -> {
                check(
                    PartitaCore.ptc_all_reduce(
                        rank,
                        PartitaCore.PTC_FLOAT32,
                        shards,
                        4 * number,
                        1,
                        PARAMETERS,
                        0.5f,
                        values,
                        TIMEOUT_MILLIS));
                check(PartitaCore.ptc_barrier(rank, TIMEOUT_MILLIS));
              });
      start.await();
      double other =
          seconds(
              () -> {
                gloo.allreduce(tensors)._wait();
                check(PartitaCore.ptc_barrier(rank, TIMEOUT_MILLIS));
              });
      if (number == 0 && run >= 0) {
        ours.add(4e-9 * PARAMETERS / mine);
        theirs.add(4e-9 * PARAMETERS / other);
      }
    }
    PartitaCore.ptc_rank_destroy(rank);
  }

  private static double seconds(Runnable work) {
    long began = System.nanoTime();
    work.run();
    return (System.nanoTime() - began) / 1e9;
  }

  private static void check(int status) {
    if (status != PartitaCore.PTC_OK) {
      throw new IllegalStateException(PartitaCore.ptc_last_error().getString());
    }
  }
}
