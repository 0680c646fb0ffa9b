// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the calls of an actor are made, kept and answered. */
final class ActorCalls {
  /** A snapshot goes to the actor's owner in one message. */
  private static final int MAX_SNAPSHOT_BYTES = 3 << 20;

  private final Executions executions;
  private final Codec codec;
  private final JavaType snapshotType;

  ActorCalls(Executions executions) {
    this.executions = executions;
    this.codec = executions.values().codec();
    this.snapshotType = codec.type(HostedActor.Snapshot.class);
  }

  void enter(Job job) {
    TaskContext.enter(executions.context(job));
  }

  void leave() {
    TaskContext.leave();
  }

  /** Makes a call; what is returned tells its end. */
  Runnable call(HostedActor.Waiting waiting, Object bean) {
    RemoteMethod method = waiting.method();
    Answer answer = waiting.answer();
    try {
      long from = System.nanoTime();
      Object returned = invoke(waiting, bean);
      References.Met<Value> result =
          executions
              .references()
              .meeting(() -> executions.encode(returned, method.result(), answer));
      long nanos = System.nanoTime() - from;
      return () -> answer.done(result.value(), nanos, result.refs());
    } catch (Throwable e) {
      Frame.Failure failure = Failures.thrown(waiting.call().label(), e);
      return () -> answer.failed(failure);
    }
  }

  private @Nullable Object invoke(HostedActor.Waiting waiting, Object bean) throws Throwable {
    long began = System.nanoTime();
    RemoteMethod method = waiting.method();
    try {
      return method.invoke(bean, executions.arguments(method.arguments(), waiting.call().values()));
    } finally {
      executions.timeline().add(TimelineEvent.Kind.ACTOR_CALL, waiting.call().label(), began);
    }
  }

  /** Makes a call, and keeps its end as bytes: a failure is an end, too. */
  byte[] outcome(HostedActor.Waiting waiting, Object bean) {
    RemoteMethod method = waiting.method();
    try {
      Object returned = invoke(waiting, bean);
      byte[] bytes = codec.encode(returned, method.result());
      if (bytes.length > Value.MAX_INLINE_BYTES) {
        throw new PartitaException(
            ErrorCode.TOO_LARGE,
            "an answer that is given exactly once has at most "
                + Value.MAX_INLINE_BYTES
                + " bytes, not "
                + bytes.length);
      }
      return FrameCodec.write(new Frame.Done(0, new Value.Inline(bytes)));
    } catch (Throwable e) {
      return FrameCodec.write(new Frame.Failed(0, Failures.thrown(waiting.call().label(), e)));
    }
  }

  /** Tells an end that was kept. */
  Runnable again(byte[] outcome, HostedActor.Waiting waiting) {
    Frame frame = FrameCodec.read(ByteBuffer.wrap(outcome));
    if (frame instanceof Frame.Failed failed) {
      return () -> waiting.answer().failed(failed.failure());
    }
    Value value = ((Frame.Done) Objects.requireNonNull(frame)).value();
    return () -> waiting.answer().done(value, 0, List.of());
  }

  byte[] encode(@Nullable Object state, JavaType type) {
    return codec.encode(state, type);
  }

  Object state(HostedActor.Snapshot snapshot, JavaType type) {
    byte[] bytes = new byte[snapshot.state().remaining()];
    snapshot.state().duplicate().get(bytes);
    return Objects.requireNonNull(codec.decode(bytes, type));
  }

  Value snapshot(HostedActor.Snapshot snapshot) {
    byte[] bytes = codec.encode(snapshot, snapshotType);
    if (bytes.length > MAX_SNAPSHOT_BYTES) {
      throw new PartitaException(
          ErrorCode.TOO_LARGE,
          "a snapshot has at most " + MAX_SNAPSHOT_BYTES + " bytes, not " + bytes.length);
    }
    return new Value.Inline(bytes);
  }

  HostedActor.Snapshot snapshot(Value value) {
    return (HostedActor.Snapshot)
        Objects.requireNonNull(codec.decode(((Value.Inline) value).bytes(), snapshotType));
  }
}
