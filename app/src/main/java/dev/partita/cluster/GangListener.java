// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;

/** Puts what one pod of a gang says into its inbox. gRPC calls it in order. */
final class GangListener extends ServerCall.Listener<byte[]> {
  private final ServerCall<byte[], byte[]> call;
  private final GangInbox inbox;
  private final String speaker;
  private final GangFrame.Assembly assembly = new GangFrame.Assembly();

  GangListener(ServerCall<byte[], byte[]> call, GangInbox inbox, String speaker) {
    this.call = call;
    this.inbox = inbox;
    this.speaker = speaker;
  }

  @Override
  public void onMessage(byte[] frame) {
    if (frame.length > 0 && frame[0] == GangFrame.END) {
      inbox.end(new String(frame, 1, frame.length - 1, StandardCharsets.UTF_8));
    } else {
      try {
        byte[] whole = assembly.add(frame);
        if (whole != null) {
          inbox.put(whole);
        }
      } catch (RuntimeException e) {
        inbox.end(speaker + " sends what is no frame: " + e.getMessage());
      }
    }
    call.request(1);
  }

  @Override
  public void onHalfClose() {
    inbox.end(speaker + " left the gang");
    call.close(Status.OK, new Metadata());
  }

  @Override
  public void onCancel() {
    inbox.end(speaker + " is gone: its connection broke");
  }
}
