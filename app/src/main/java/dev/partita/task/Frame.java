// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.objectstore.ObjectId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What pods say to each other in a session. Who begins the session asks, the other side answers;
 * {@code number} names the question. {@link FrameCodec} has the form.
 */
sealed interface Frame {
  /** Questions and answers that have a number. */
  sealed interface Numbered extends Frame {
    long number();
  }

  /** Run this. Answered by {@link Done} or {@link Failed}. */
  record Submit(long number, Call call) implements Numbered {}

  /** Nobody waits for that any more. */
  record Cancel(long number) implements Numbered {}

  /**
   * It ended well.
   *
   * @param runNanos how long it ran
   * @param refs whether the value has references to objects in it, which the sender keeps until
   *     {@link Settled}
   */
  record Done(long number, Value value, long runNanos, boolean refs) implements Numbered {
    Done(long number, Value value) {
      this(number, value, 0, false);
    }
  }

  /** The answer to that is not needed any more, and what its references refer to neither. */
  record Settled(long number) implements Numbered {}

  record Failed(long number, Failure failure) implements Numbered {}

  /** What has become of this object of yours? Answered by {@link Done} or {@link Failed}. */
  record Ask(long number, RefId ref) implements Numbered {}

  /** I hold on to these objects of yours. Answered by {@link Done}. */
  record Borrow(long number, List<RefId> refs) implements Numbered {}

  /** I do not hold on to these any more, once for each time that I did. */
  record Return(List<RefId> refs) implements Frame {}

  /** Send me this object of your arena: {@link Piece}s, or {@link Failed}. */
  record Fetch(long number, ObjectId id) implements Numbered {}

  /**
   * Part of an object.
   *
   * @param crc32c of the part
   * @param bytes the part, what remains of them
   */
  record Piece(long number, long totalBytes, long offset, int crc32c, ByteBuffer bytes)
      implements Numbered {}

  /** I do not need this object of your arena any more, which you made for me. */
  record Discard(ObjectId id) implements Frame {}

  /** End this actor of mine, and do not restart it. */
  record Kill(ActorId actor) implements Frame {}

  /** Keep these resources for a placement group. Answered by {@link Done} or {@link Failed}. */
  record Reserve(long number, GroupId group, List<Integer> bundles, List<String> resources)
      implements Numbered {}

  /** Give all of that group's back. */
  record Unreserve(GroupId group) implements Frame {}

  /** The state of an actor of yours, before the answers that follow. */
  record Save(ActorId actor, int generation, Value state) implements Frame {}

  /**
   * Why something failed.
   *
   * @param type class of what was thrown and its superclasses, with spaces between; empty where
   *     nothing was
   * @param stack as printed where it was thrown; may be empty
   */
  record Failure(ErrorCode code, String type, String message, String stack) {}
}
