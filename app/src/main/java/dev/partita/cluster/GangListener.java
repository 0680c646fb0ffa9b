// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;

/** Tells a gang what one of its other pods says. gRPC calls it in order. */
final class GangListener extends ServerCall.Listener<byte[]> {
  private final ServerCall<byte[], byte[]> call;
  private final StreamedGang gang;
  private final int peer;
  private final GangFrame.Assembly assembly = new GangFrame.Assembly();

  GangListener(ServerCall<byte[], byte[]> call, StreamedGang gang, int peer) {
    this.call = call;
    this.gang = gang;
    this.peer = peer;
  }

  @Override
  public void onMessage(byte[] frame) {
    if (frame.length > 0 && frame[0] == GangFrame.END) {
      gang.over(new String(frame, 1, frame.length - 1, StandardCharsets.UTF_8));
    } else {
      try {
        byte[] whole = assembly.add(frame);
        if (whole != null) {
          gang.given(peer, whole);
        }
      } catch (RuntimeException e) {
        gang.lost(peer, "it sends what is no frame: " + e.getMessage());
      }
    }
    call.request(1);
  }

  @Override
  public void onHalfClose() {
    gang.left(peer);
    call.close(Status.OK, new Metadata());
  }

  @Override
  public void onCancel() {
    gang.lost(peer, "its connection broke");
  }
}
