// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.batch.Cluster.Bell;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Consumer;

/**
 * The open stream to one other pod. When it breaks, the link is over; whoever keeps it makes
 * another.
 */
final class PeerLink implements AutoCloseable {
  private static final int PROBE_MILLIS = 500;

  private final Node peer;
  private final ManagedChannel channel;
  private final ClientCall<String, String> call;
  private volatile boolean broken;

  /**
   * Connects in the background.
   *
   * @param name what the peer's certificate is for; empty if for its address
   * @param refused told, on a thread of gRPC's, if the link breaks and the peer's port refuses: its
   *     process is gone
   */
  PeerLink(
      Node peer,
      ChannelCredentials credentials,
      String name,
      ClusterSecret secret,
      Consumer<Node> refused) {
    this.peer = peer;
    int colon = peer.address().lastIndexOf(':');
    String host = peer.address().substring(0, colon);
    int port = Integer.parseInt(peer.address().substring(colon + 1));
    OkHttpChannelBuilder builder =
        OkHttpChannelBuilder.forAddress(host, port, credentials).disableRetry();
    channel = (name.isEmpty() ? builder : builder.overrideAuthority(name)).build();
    call = channel.newCall(Doorbells.RING, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            boolean wanted = broken;
            broken = true;
            if (!wanted && refuses(host, port)) {
              refused.accept(peer);
            }
          }
        },
        secret.headers());
    call.request(1);
  }

  Node peer() {
    return peer;
  }

  boolean broken() {
    return broken;
  }

  /** Never waits; lost if the link breaks. */
  synchronized void ring(Bell bell) {
    if (!broken) {
      call.sendMessage(bell.name());
    }
  }

  @Override
  public synchronized void close() {
    broken = true;
    channel.shutdownNow();
  }

  /**
   * Whether nobody listens there, asked twice. A frozen or distant process does not refuse: its
   * lease decides.
   */
  private static boolean refuses(String host, int port) {
    boolean refused = true;
    for (int look = 0; look < 2 && refused; look++) {
      refused = refusesNow(host, port);
    }
    return refused;
  }

  private static boolean refusesNow(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), PROBE_MILLIS);
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
