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

/** The side of the pod that began a session. */
final class SessionLink extends ClientCall.Listener<byte[]> implements PodSession {
  /** A pod that stands still is noticed by this, or by its lease if that is shorter. */
  private static final long PING_SECONDS = 10;

  private static final long PING_TIMEOUT_SECONDS = 3;

  private final String peer;
  private final Listener listener;
  private final ManagedChannel channel;
  private final ClientCall<byte[], byte[]> call;
  private final SessionFrames frames;
  private boolean over;

  /**
   * Connects in the background.
   *
   * @param holder who calls
   */
  SessionLink(
      String holder, Node peer, ClusterSecret secret, Credentials credentials, Listener listener) {
    this.peer = peer.holder();
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
            .maxInboundMessageSize(SessionFrames.MAX_MESSAGE_BYTES)
            .disableRetry();
    channel =
        (credentials.name().isEmpty() ? builder : builder.overrideAuthority(credentials.name()))
            .build();
    call = channel.newCall(SessionService.EXCHANGE, CallOptions.DEFAULT);
    frames = new SessionFrames(call::isReady, this::write);
    Metadata headers = secret.headers();
    headers.put(SessionService.FROM, holder);
    headers.put(SessionService.TO, this.peer);
    call.start(this, headers);
    call.request(1);
  }

  /**
   * How a peer is trusted.
   *
   * @param name what its certificate is for; empty if for its address
   */
  record Credentials(ChannelCredentials channel, String name) {}

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public void send(byte[] frame) {
    frames.add(frame);
  }

  @Override
  public long queuedBytes() {
    return frames.queuedBytes();
  }

  private synchronized void write(byte[] message) {
    if (!over) {
      call.sendMessage(message);
    }
  }

  @Override
  public void close() {
    end("closed by this pod");
  }

  private void end(String why) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
    }
    frames.end();
    channel.shutdownNow();
    listener.over(this, why);
  }

  @Override
  public void onHeaders(Metadata headers) {
    listener.opened(this);
  }

  @Override
  public void onReady() {
    frames.flush();
  }

  @Override
  public void onMessage(byte[] message) {
    try {
      SessionFrames.read(message, frame -> listener.received(this, frame));
    } catch (IllegalArgumentException e) {
      end("it sent what is no frame");
      return;
    }
    call.request(1);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    end(
        status.getDescription() == null
            ? "its connection broke: " + status.getCode()
            : status.getDescription());
  }
}
