// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.batch.Cluster.Bell;
import dev.partita.config.ClusterConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a pod hears from the others: names of {@link Bell}s, one a message, on a gRPC stream that a
 * caller keeps open; what the pods of its gangs say ({@link GangStreams}); and sessions ({@link
 * SessionService}). A caller shows the cluster's secret, on loopback too.
 */
final class Doorbells implements AutoCloseable {
  static final MethodDescriptor<String, String> RING =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName("partita.Doorbells/Ring")
          .setRequestMarshaller(new Words())
          .setResponseMarshaller(new Words())
          .build();
  private static final int MAX_WORD_BYTES = 64;

  /** What of a gang's exchange or a session may be under way to this pod, per stream. */
  static final int WINDOW_BYTES = 4 << 20;

  private final Server server;
  private final String host;

  /** Listens from now on. */
  Doorbells(
      ClusterConfig config,
      ClusterSecret secret,
      GangStreams gangs,
      SessionService sessions,
      Consumer<Bell> heard)
      throws IOException {
    host = config.host();
    server =
        OkHttpServerBuilder.forPort(
                new InetSocketAddress(host, config.port()), serverCredentials(config))
            .maxInboundMessageSize(SessionSide.MAX_MESSAGE_BYTES)
            .flowControlWindow(WINDOW_BYTES)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .addService(
                ServerServiceDefinition.builder("partita.Doorbells")
                    .addMethod(RING, new Hearing(secret, heard))
                    .build())
            .addService(gangs.service())
            .addService(sessions.service())
            .build()
            .start();
  }

  /** Where others ring, {@code host:port}. */
  String address() {
    return host + ":" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static ServerCredentials serverCredentials(ClusterConfig config) throws IOException {
    if (config.tls().isEmpty()) {
      return InsecureServerCredentials.create();
    }
    ClusterConfig.Tls tls = config.tls().get();
    return TlsServerCredentials.newBuilder()
        .keyManager(tls.certificate().toFile(), tls.key().toFile())
        .trustManager(tls.authorities().toFile())
        .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
        .build();
  }

  static ChannelCredentials channelCredentials(ClusterConfig config) {
    if (config.tls().isEmpty()) {
      return InsecureChannelCredentials.create();
    }
    ClusterConfig.Tls tls = config.tls().get();
    try {
      return TlsChannelCredentials.newBuilder()
          .keyManager(tls.certificate().toFile(), tls.key().toFile())
          .trustManager(tls.authorities().toFile())
          .build();
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.INVALID_CONFIG, "partita.cluster.tls.*: a file cannot be read: " + e, e);
    }
  }

  /** A caller without the secret is told so and heard no further. */
  private record Hearing(ClusterSecret secret, Consumer<Bell> heard)
      implements ServerCallHandler<String, String> {
    @Override
    public ServerCall.Listener<String> startCall(
        ServerCall<String, String> call, Metadata headers) {
      if (!secret.isIn(headers)) {
        call.close(
            Status.UNAUTHENTICATED.withDescription("show the cluster's secret"), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      // So that the caller knows that it is heard.
      call.sendHeaders(new Metadata());
      call.request(1);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(String word) {
          try {
            heard.accept(Bell.valueOf(word));
          } catch (IllegalArgumentException e) {
            // A newer pod's word; there is nothing here to look at.
            call.request(1);
            return;
          }
          call.request(1);
        }

        @Override
        public void onHalfClose() {
          call.close(Status.OK, new Metadata());
        }
      };
    }
  }

  /** A short word in UTF-8. */
  private static final class Words implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String word) {
      return new ByteArrayInputStream(word.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream bytes) {
      try {
        return new String(bytes.readNBytes(MAX_WORD_BYTES), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
