// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The stream on which a pod of a gang speaks to another one. */
final class GangLink implements AutoCloseable {
  private static final Duration RETRY = Duration.ofMillis(20);

  /** A pod that stands still is noticed by this, or by its lease if that is shorter. */
  private static final long PING_SECONDS = 10;

  private static final long PING_TIMEOUT_SECONDS = 3;

  private final ManagedChannel channel;
  private final Consumer<String> broke;
  private ClientCall<byte[], byte[]> call;
  private volatile boolean closed;

  /**
   * Who speaks.
   *
   * @param pod of the gang
   * @param name what a peer's certificate is for; empty if for its address
   */
  record Speaker(
      String gang, int pod, ClusterSecret secret, ChannelCredentials credentials, String name) {}

  /**
   * Returns when the peer listens.
   *
   * @param patience how long that may take
   * @param broke told why when the stream breaks, on a thread of gRPC's
   * @throws PartitaException GANG_ABORTED if it does not listen in time, UNAUTHENTICATED if it
   *     refuses
   */
  static GangLink open(Speaker speaker, String address, Duration patience, Consumer<String> broke) {
    GangLink link = new GangLink(speaker, address, broke);
    try {
      link.call = link.awaitListener(speaker, address, patience);
      return link;
    } catch (RuntimeException e) {
      link.channel.shutdownNow();
      throw e;
    }
  }

  @SuppressWarnings("NullAway.Init") // the call is there before anybody gets the link
  private GangLink(Speaker speaker, String address, Consumer<String> broke) {
    this.broke = broke;
    int colon = address.lastIndexOf(':');
    OkHttpChannelBuilder builder =
        OkHttpChannelBuilder.forAddress(
                address.substring(0, colon),
                Integer.parseInt(address.substring(colon + 1)),
                speaker.credentials())
            .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .disableRetry();
    channel =
        (speaker.name().isEmpty() ? builder : builder.overrideAuthority(speaker.name())).build();
  }

  private ClientCall<byte[], byte[]> awaitListener(
      Speaker speaker, String address, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      CompletableFuture<Status> heard = new CompletableFuture<>();
      ClientCall<byte[], byte[]> asked = ask(speaker, heard);
      Status status = await(heard, deadline);
      if (status.isOk()) {
        return asked;
      }
      asked.cancel("not heard", null);
      if (status.getCode() == Status.Code.UNAUTHENTICATED) {
        throw new PartitaException(
            ErrorCode.UNAUTHENTICATED, address + " refuses: " + status.getDescription());
      }
      if (System.nanoTime() - deadline + RETRY.toNanos() >= 0) {
        throw new PartitaException(
            ErrorCode.GANG_ABORTED,
            address + " did not join the gang within " + patience + ": " + status);
      }
      pause();
      channel.resetConnectBackoff();
    }
  }

  private static Status await(CompletableFuture<Status> heard, long deadline) {
    try {
      return heard.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return Status.DEADLINE_EXCEEDED;
    } catch (ExecutionException e) {
      return Status.fromThrowable(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static PartitaException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new PartitaException(ErrorCode.GANG_ABORTED, "a rank was interrupted", e);
  }

  private ClientCall<byte[], byte[]> ask(Speaker speaker, CompletableFuture<Status> heard) {
    ClientCall<byte[], byte[]> asked = channel.newCall(GangStreams.SPEAK, CallOptions.DEFAULT);
    Metadata headers = speaker.secret().headers();
    headers.put(GangStreams.GANG, speaker.gang());
    headers.put(GangStreams.POD, Integer.toString(speaker.pod()));
    asked.start(
        new ClientCall.Listener<>() {
          @Override
          public void onHeaders(Metadata answer) {
            heard.complete(Status.OK);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            if (!heard.complete(status.isOk() ? Status.UNAVAILABLE : status) && !closed) {
              broke.accept("its connection broke");
            }
          }
        },
        headers);
    asked.request(1);
    return asked;
  }

  /** Never waits; lost if the stream broke. */
  synchronized void send(byte[] frame) {
    if (!closed) {
      try {
        call.sendMessage(frame);
      } catch (IllegalStateException e) {
        // The stream ended in between: onClose tells.
        closed = true;
      }
    }
  }

  /** What was sent still arrives. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      call.halfClose();
    }
    channel.shutdown();
  }
}
