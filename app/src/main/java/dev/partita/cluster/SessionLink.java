// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.util.concurrent.TimeUnit;

/** The connection of a session on the side of the pod that began it. */
final class SessionLink extends ClientCall.Listener<byte[]> {
  /** A pod that stands still is noticed by this, or by its lease if that is shorter. */
  private static final long PING_SECONDS = 10;

  private static final long PING_TIMEOUT_SECONDS = 3;

  private final PodSession.Listener listener;
  private final ManagedChannel channel;
  private final ClientCall<byte[], byte[]> call;
  private final SessionSide side;
  private volatile String why = "closed by this pod";

  /**
   * Connects in the background.
   *
   * @param holder who calls
   */
  SessionLink(
      String holder,
      Node peer,
      ClusterSecret secret,
      Credentials credentials,
      PodSession.Listener listener) {
    this.listener = listener;
    int colon = peer.address().lastIndexOf(':');
    OkHttpChannelBuilder builder =
        OkHttpChannelBuilder.forAddress(
                peer.address().substring(0, colon),
                Integer.parseInt(peer.address().substring(colon + 1)),
                credentials.channel())
            .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .flowControlWindow(Doorbells.WINDOW_BYTES)
            .maxInboundMessageSize(SessionSide.MAX_MESSAGE_BYTES)
            .disableRetry();
    channel =
        (credentials.name().isEmpty() ? builder : builder.overrideAuthority(credentials.name()))
            .build();
    call = channel.newCall(SessionService.EXCHANGE, CallOptions.DEFAULT);
    side = new SessionSide(peer.holder(), call::isReady, call::sendMessage, channel::shutdownNow);
    Metadata headers = secret.headers();
    headers.put(SessionService.FROM, holder);
    headers.put(SessionService.TO, peer.holder());
    call.start(this, headers);
    call.request(1);
  }

  /**
   * How a peer is trusted.
   *
   * @param name what its certificate is for; empty if for its address
   */
  record Credentials(ChannelCredentials channel, String name) {}

  PodSession session() {
    return side;
  }

  @Override
  public void onHeaders(Metadata headers) {
    listener.opened(side);
  }

  @Override
  public void onReady() {
    side.flush();
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
      side.close();
      return;
    }
    call.request(1);
  }

  /** The last that is called, whoever ended it. */
  @Override
  public void onClose(Status status, Metadata trailers) {
    if (side.end()) {
      channel.shutdownNow();
      why =
          status.getDescription() == null
              ? "its connection broke: " + status.getCode()
              : status.getDescription();
    }
    listener.over(side, why);
  }
}
