// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.partita.config.ClusterConfig;
import dev.partita.config.TestConfig;
import io.grpc.InsecureChannelCredentials;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions over gRPC on loopback. */
@Timeout(60)
class SessionTest {
  private static final ClusterSecret SECRET = new ClusterSecret("secret");
  private static final int FRAMES = 20_000;

  @TempDir private Path directory;
  private final Told served = new Told();
  private final Told mine = new Told();
  private ClusterConfig config;
  private Doorbells door;

  @BeforeEach
  void listen() throws Exception {
    config = TestConfig.in(directory).cluster();
    SessionService sessions = new SessionService(SECRET, () -> "there/3");
    sessions.serve(served);
    door = new Doorbells(config, SECRET, new GangStreams(SECRET), sessions, bell -> {});
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void framesArriveInOrderInBothDirections() throws Exception {
    PodSession link = open(SECRET, 3);
    assertThat(mine.opened.poll(10, TimeUnit.SECONDS)).isEqualTo(link);
    for (int i = 0; i < 5_000; i++) {
      link.send(ByteBuffer.allocate(4 + i % 100).putInt(0, i).array());
    }
    Set<String> peers = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      Told.Frame frame = served.frames.take();
      assertThat(frame.bytes().getInt(0)).isEqualTo(i);
      assertThat(frame.bytes().remaining()).isEqualTo(4 + i % 100);
      peers.add(frame.session().peer());
      frame.session().send(ByteBuffer.allocate(4).putInt(0, -i).array());
    }
    assertThat(peers).containsExactly("here/1");
    for (int i = 0; i < 5_000; i++) {
      assertThat(mine.frames.take().bytes().getInt(0)).isEqualTo(-i);
    }
    link.close();
    assertThat(mine.over.take()).contains("this pod");
    assertThat(served.over.take()).isNotEmpty();
  }

  @Test
  void whoMayWaitSendsNoFasterThanItLeaves() throws Exception {
    PodSession link = open(SECRET, 3);
    for (int i = 0; i < 200; i++) {
      link.awaitRoom(1 << 20);
      link.send(new byte[1 << 18]);
    }
    link.awaitRoom(0);
    for (int i = 0; i < 200; i++) {
      assertThat(served.frames.take().bytes().remaining()).isEqualTo(1 << 18);
    }
    link.close();
    link.awaitRoom(0);
  }

  /**
   * Who sends under a lock that its listener takes too must not meet a lock of the connection's.
   */
  @Test
  void framesMayBeSentUnderALockThatTheListenerTakes() throws Exception {
    Object lock = new Object();
    Told locking =
        new Told() {
          @Override
          public void received(PodSession session, ByteBuffer frame) {
            synchronized (lock) {
              super.received(session, frame);
            }
          }
        };
    PodSession link = open(SECRET, 3, locking);
    Thread echo =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < FRAMES; i++) {
                  Told.Frame frame = served.frames.take();
                  frame.session().send(new byte[1_000]);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    echo.start();
    for (int i = 0; i < FRAMES; i++) {
      synchronized (lock) {
        link.send(new byte[1_000]);
      }
    }
    for (int i = 0; i < FRAMES; i++) {
      assertThat(locking.frames.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
    link.close();
  }

  @Test
  void theLargestFrameArrivesWhole() throws Exception {
    PodSession link = open(SECRET, 3);
    byte[] large = new byte[PodSession.MAX_FRAME_BYTES];
    Arrays.fill(large, (byte) 5);
    link.send(large);
    ByteBuffer got = served.frames.take().bytes();
    assertThat(got.remaining()).isEqualTo(large.length);
    assertThat(got).isEqualTo(ByteBuffer.wrap(large));
    link.close();
  }

  @Test
  void aFormerLifeIsRefusedAndSoIsWhoDoesNotKnowTheSecret() throws Exception {
    open(SECRET, 2);
    assertThat(mine.over.take()).contains("there/3");
    open(new ClusterSecret("guess"), 3);
    assertThat(mine.over.take()).contains("secret");
    assertThat(served.frames).isEmpty();
  }

  @Test
  void bothSidesAreToldWhenTheConnectionBreaks() throws Exception {
    PodSession link = open(SECRET, 3);
    link.send(new byte[1]);
    served.frames.take();
    door.close();
    assertThat(mine.over.take()).isNotEmpty();
    assertThat(served.over.take()).isNotEmpty();
    // Nothing happens any more.
    link.send(new byte[1]);
    link.close();
    assertThat(mine.over).isEmpty();
  }

  private PodSession open(ClusterSecret secret, long incarnation) {
    return open(secret, incarnation, mine);
  }

  private PodSession open(ClusterSecret secret, long incarnation, Told told) {
    Node peer =
        new Node(
            "there",
            incarnation,
            Node.State.UP,
            door.address(),
            Map.of(),
            new Node.Capacity(1, 0, 1, "", 0, 8, 8),
            "",
            "",
            Instant.EPOCH,
            Instant.EPOCH);
    return new SessionLink(
            "here/1",
            peer,
            secret,
            new SessionLink.Credentials(InsecureChannelCredentials.create(), ""),
            told)
        .session();
  }

  /** What a side was told. */
  private static class Told implements PodSession.Listener {
    final BlockingQueue<PodSession> opened = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    final BlockingQueue<String> over = new LinkedBlockingQueue<>();

    /** One that came. */
    record Frame(PodSession session, ByteBuffer bytes) {}

    @Override
    public void opened(PodSession session) {
      opened.add(session);
    }

    @Override
    public void received(PodSession session, ByteBuffer frame) {
      frames.add(new Frame(session, frame));
    }

    @Override
    public void over(PodSession session, String why) {
      over.add(why);
    }
  }
}
