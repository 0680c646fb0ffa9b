// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the gangs of this pod hear their other pods: a stream per pod that speaks, which shows the
 * cluster's secret, the gang and which pod of it it is. A gang that is not here yet is asked for
 * again by the caller.
 */
final class GangStreams implements ServerCallHandler<byte[], byte[]> {
  static final Metadata.Key<String> GANG =
      Metadata.Key.of("partita-gang", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> POD =
      Metadata.Key.of("partita-gang-pod", Metadata.ASCII_STRING_MARSHALLER);
  static final MethodDescriptor<byte[], byte[]> SPEAK =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName("partita.Gangs/Speak")
          .setRequestMarshaller(new GangFrame.Marshaller())
          .setResponseMarshaller(new GangFrame.Marshaller())
          .build();

  private final ClusterSecret secret;
  private final Map<String, StreamedGang> gangs = new ConcurrentHashMap<>();

  GangStreams(ClusterSecret secret) {
    this.secret = secret;
  }

  ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("partita.Gangs").addMethod(SPEAK, this).build();
  }

  void add(StreamedGang gang) {
    if (gangs.putIfAbsent(gang.id(), gang) != null) {
      throw new IllegalStateException("gang " + gang.id() + " is here already");
    }
  }

  void remove(StreamedGang gang) {
    gangs.remove(gang.id(), gang);
  }

  /** Tells every gang which pods are members now; one that lost a pod is over. */
  void alive(Set<String> addresses) {
    gangs.values().forEach(gang -> gang.alive(addresses));
  }

  @Override
  public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
    if (!secret.isIn(headers)) {
      return refuse(call, Status.UNAUTHENTICATED.withDescription("show the cluster's secret"));
    }
    StreamedGang gang = gangs.get(String.valueOf(headers.get(GANG)));
    if (gang == null) {
      return refuse(call, Status.UNAVAILABLE.withDescription("the gang is not here"));
    }
    int peer = gang.peer(headers.get(POD));
    if (peer < 0) {
      return refuse(call, Status.INVALID_ARGUMENT.withDescription("not a pod of the gang"));
    }
    // So that the caller knows that it is heard.
    call.sendHeaders(new Metadata());
    call.request(1);
    return new GangListener(call, gang, peer);
  }

  private static ServerCall.Listener<byte[]> refuse(
      ServerCall<byte[], byte[]> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
