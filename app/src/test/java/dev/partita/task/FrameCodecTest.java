// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.cluster.PodSession;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.objectstore.ObjectId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
  private static final int RUNS = 200_000;

  private static final List<Frame> ALL =
      List.of(
          new Frame.Submit(
              7,
              new Call(
                  Call.Kind.TASK,
                  "Texts.count",
                  "Zählen",
                  new Call.Demand("cpu=1", 3, new GroupId(1, 2), 4),
                  null,
                  List.of(
                      new Value.Inline(new byte[] {1, 2, 3}),
                      new Value.Stored(new ObjectId(3, 4), 1L << 40, "pod/1")))),
          new Frame.Submit(
              8,
              new Call(
                  Call.Kind.ACTOR_CALL,
                  "add",
                  "Counter.add",
                  new Call.Demand("cpu=0", 0, null, 0),
                  new Call.ToActor(new ActorId(5, 6), 2, Delivery.EXACTLY_ONCE, 9, 10, 1, 10_000),
                  List.of())),
          new Frame.Cancel(1),
          new Frame.Done(2, new Value.Inline(new byte[0]), 12, true),
          new Frame.Failed(
              3, new Frame.Failure(ErrorCode.WORK_FAILED, "a.B c.D", "message", "stack")),
          new Frame.Settled(4),
          new Frame.Ask(5, new RefId(1, 2)),
          new Frame.Borrow(6, List.of(new RefId(1, 2), new RefId(3, 4))),
          new Frame.Return(List.of(new RefId(1, 2))),
          new Frame.Fetch(7, new ObjectId(1, 2)),
          new Frame.Piece(8, 100, 10, 77, ByteBuffer.wrap(new byte[] {9, 8, 7})),
          new Frame.Discard(new ObjectId(1, 2)),
          new Frame.Kill(new ActorId(1, 2)),
          new Frame.Reserve(9, new GroupId(1, 2), List.of(0, 2), List.of("cpu=1", "gpu=0.5")),
          new Frame.Unreserve(new GroupId(1, 2)),
          new Frame.Save(new ActorId(1, 2), 3, new Value.Inline(new byte[] {4})));

  @Test
  void whatIsWrittenIsRead() {
    for (Frame frame : ALL) {
      byte[] bytes = FrameCodec.write(frame);
      Frame read = FrameCodec.read(ByteBuffer.wrap(bytes));
      assertThat(read).usingRecursiveComparison().isEqualTo(frame);
    }
  }

  /** A newer pod may say more, and say things that are new. */
  @Test
  void whatANewerVersionAddsIsPassedOver() {
    for (Frame frame : ALL) {
      byte[] bytes = FrameCodec.write(frame);
      ByteBuffer longer = ByteBuffer.allocate(bytes.length + 5).put(bytes);
      longer.rewind();
      assertThat(FrameCodec.read(longer)).isNotNull().hasSameClassAs(frame);
    }
    assertThat(FrameCodec.read(ByteBuffer.wrap(new byte[] {99, 1, 2, 3}))).isNull();
  }

  @Test
  void nothingThatComesDoesMoreThanBeRefused() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      byte[] bytes = FrameCodec.write(ALL.get(random.nextInt(ALL.size())));
      for (int change = random.nextInt(4); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] =
            random.nextBoolean() ? (byte) random.nextInt() : (byte) 0xFF;
      }
      ByteBuffer cut = ByteBuffer.wrap(bytes, 0, 1 + random.nextInt(bytes.length));
      try {
        FrameCodec.read(cut);
      } catch (RuntimeException e) {
        // What its caller expects.
        assertThat(e).as("seed %d, run %d", seed, run).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void aFrameHasALargestSize() {
    Frame large =
        new Frame.Done(1, new Value.Inline(new byte[PodSession.MAX_FRAME_BYTES]), 0, false);
    assertThatThrownBy(() -> FrameCodec.write(large))
        .isInstanceOfSatisfying(
            PartitaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
  }
}
