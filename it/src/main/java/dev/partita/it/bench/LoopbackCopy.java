// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** How fast bytes go through a socket on loopback: the limit of what goes between two servers. */
final class LoopbackCopy {
  private static final long BYTES = 1L << 30;
  private static final int BLOCK = 1 << 20;

  private LoopbackCopy() {}

  static double gigabytesPerSecond() {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread sender = new Thread(() -> send(server));
      sender.start();
      try (SocketChannel in = SocketChannel.open(server.getLocalAddress())) {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        long from = System.nanoTime();
        long got = 0;
        while (got < BYTES) {
          got += in.read(block.clear());
        }
        return BYTES / 1e9 / ((System.nanoTime() - from) / 1e9);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void send(ServerSocketChannel server) {
    try (SocketChannel out = server.accept()) {
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
      for (long sent = 0; sent < BYTES; ) {
        sent += out.write(block.clear());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
