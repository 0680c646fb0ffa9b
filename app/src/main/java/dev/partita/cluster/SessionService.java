// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where other pods begin their sessions. A caller shows the cluster's secret, who it is, and whom
 * it means: a session with a former life of this pod is refused.
 */
final class SessionService implements ServerCallHandler<byte[], byte[]> {
  static final Metadata.Key<String> FROM =
      Metadata.Key.of("partita-from", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> TO =
      Metadata.Key.of("partita-to", Metadata.ASCII_STRING_MARSHALLER);
  static final MethodDescriptor<byte[], byte[]> EXCHANGE =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName("partita.Sessions/Exchange")
          .setRequestMarshaller(new SessionSide.Marshaller())
          .setResponseMarshaller(new SessionSide.Marshaller())
          .build();

  private final ClusterSecret secret;
  private final Supplier<String> holder;
  private volatile PodSession.@Nullable Listener served;

  SessionService(ClusterSecret secret, Supplier<String> holder) {
    this.secret = secret;
    this.holder = holder;
  }

  void serve(PodSession.Listener listener) {
    served = listener;
  }

  ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("partita.Sessions").addMethod(EXCHANGE, this).build();
  }

  @Override
  public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
    PodSession.Listener listener = served;
    String from = headers.get(FROM);
    if (!secret.isIn(headers)) {
      return refuse(call, Status.UNAUTHENTICATED.withDescription("show the cluster's secret"));
    }
    if (from == null || !holder.get().equals(headers.get(TO))) {
      return refuse(
          call, Status.FAILED_PRECONDITION.withDescription("this pod is " + holder.get()));
    }
    if (listener == null) {
      return refuse(call, Status.UNAVAILABLE.withDescription("this pod starts or stops"));
    }
    call.sendHeaders(new Metadata());
    call.request(1);
    return new Served(call, from, listener);
  }

  private static ServerCall.Listener<byte[]> refuse(
      ServerCall<byte[], byte[]> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }

  /** The connection of a session on the side of the pod that was called. */
  private static final class Served extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> call;
    private final PodSession.Listener listener;
    private final SessionSide side;
    private volatile Status answer = Status.OK;
    private volatile String why = "closed by this pod";

    Served(ServerCall<byte[], byte[]> call, String peer, PodSession.Listener listener) {
      this.call = call;
      this.listener = listener;
      this.side =
          new SessionSide(
              peer, call::isReady, call::sendMessage, () -> call.close(answer, new Metadata()));
    }

    @Override
    public void onMessage(byte[] message) {
      if (side.ended()) {
        return;
      }
      try {
        SessionSide.read(message, frame -> listener.received(side, frame));
      } catch (IllegalArgumentException e) {
        why = "it sent what is no frame";
        answer = Status.INVALID_ARGUMENT.withDescription(e.getMessage());
        side.close();
        return;
      }
      call.request(1);
    }

    @Override
    public void onReady() {
      side.flush();
    }

    @Override
    public void onHalfClose() {
      why = "closed by " + side.peer();
      side.close();
    }

    /** This or {@link #onCancel} is the last that is called, whoever ended it. */
    @Override
    public void onComplete() {
      listener.over(side, why);
    }

    @Override
    public void onCancel() {
      if (side.end()) {
        why = "its connection broke";
      }
      listener.over(side, why);
    }
  }
}
