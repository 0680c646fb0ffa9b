// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StreamedGangTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private final List<TestGangPod> pods = new ArrayList<>();
  private final List<GangPeers> joined = new ArrayList<>();

  @AfterEach
  void end() {
    joined.forEach(GangPeers::close);
    pods.forEach(TestGangPod::close);
  }

  @Test
  void eachGetsWhatEachGaveAlsoMoreThanAFrameHolds() throws IOException {
    List<GangPeers> gang = gang(3);
    SplittableRandom random = new SplittableRandom(5);
    for (int size : new int[] {0, 1, GangFrame.MAX_BYTES - 5, GangFrame.MAX_BYTES, 3_500_000}) {
      byte[][] given = new byte[3][size];
      for (byte[] one : given) {
        random.nextBytes(one);
      }
      List<byte[][]> got = onAll(gang, peers -> peers.allGather(given[peers.pod()], LONG));
      assertThat(got).allSatisfy(all -> assertThat(all).isDeepEqualTo(given));
    }
  }

  @Test
  void whoWaitsForAPodThatLeftIsToldAndMayStartAgain() throws IOException {
    List<GangPeers> gang = gang(2);
    onAll(gang, peers -> peers.allGather(new byte[1], LONG));
    gang.get(1).close();
    refused(
        () -> gang.get(0).allGather(new byte[1], LONG), ErrorCode.GANG_ABORTED, "left the gang");
    refused(
        () -> gang.get(0).allGather(new byte[1], LONG), ErrorCode.GANG_ABORTED, "left the gang");
  }

  @Test
  void aPodThatIsGoneEndsTheWaitOfAll() throws IOException {
    List<GangPeers> gang = gang(3);
    pods.get(2).close();
    refused(() -> gang.get(0).allGather(new byte[1], LONG), ErrorCode.GANG_ABORTED, "is gone");
    refused(() -> gang.get(1).allGather(new byte[1], LONG), ErrorCode.GANG_ABORTED, "is gone");
  }

  @Test
  void aPodThatIsNoMemberAnyMoreEndsTheWait() throws IOException {
    List<GangPeers> gang = gang(2);
    pods.get(0).alive(Set.of(pods.get(0).address()));
    refused(() -> gang.get(0).allGather(new byte[1], LONG), ErrorCode.GANG_ABORTED, "no member");
  }

  @Test
  void aFailureReachesAllWithItsReason() throws IOException {
    List<GangPeers> gang = gang(2);
    gang.get(1).abort("rank 3 failed: no memory");
    for (GangPeers peers : gang) {
      refused(
          () -> peers.allGather(new byte[1], LONG),
          ErrorCode.GANG_ABORTED,
          "rank 3 failed: no memory");
    }
  }

  @Test
  void aPodThatGivesNothingIsNotWaitedForTooLong() throws IOException {
    List<GangPeers> gang = gang(2);
    refused(
        () -> gang.get(0).allGather(new byte[1], Duration.ofMillis(20)),
        ErrorCode.TIMEOUT,
        "pod 1 of the gang");
  }

  @Test
  void aStrangerIsNotHeard() throws IOException {
    TestGangPod pod = pod("secret");
    TestGangPod stranger = pod("guess");
    List<String> addresses = List.of(pod.address(), stranger.address());
    CompletableFuture<GangPeers> waiting =
        CompletableFuture.supplyAsync(
            () -> pod.join("g/1", 0, addresses, LONG), task -> new Thread(task).start());
    refused(() -> stranger.join("g/1", 1, addresses, LONG), ErrorCode.UNAUTHENTICATED, "refuses");
    assertThatThrownBy(waiting::join).isInstanceOf(CompletionException.class);
  }

  @Test
  void anotherAttemptOfTheGangIsNotHeard() throws IOException {
    TestGangPod now = pod("secret");
    TestGangPod stale = pod("secret");
    List<String> addresses = List.of(now.address(), stale.address());
    Duration patience = Duration.ofMillis(200);
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () ->
                refused(
                    () -> stale.join("g/1", 1, addresses, patience),
                    ErrorCode.GANG_ABORTED,
                    "did not join"),
            task -> new Thread(task).start());
    refused(() -> now.join("g/2", 0, addresses, patience), ErrorCode.GANG_ABORTED, "did not join");
    other.join();
  }

  private TestGangPod pod(String secret) throws IOException {
    TestGangPod pod = new TestGangPod(directory, secret, Map.of());
    pods.add(pod);
    return pod;
  }

  private List<GangPeers> gang(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      pod("secret");
    }
    List<String> addresses = pods.stream().map(TestGangPod::address).toList();
    joined.addAll(
        onAll(
            IntStream.range(0, count).boxed().toList(),
            i -> pods.get(i).join("g/1", i, addresses, LONG)));
    return joined;
  }

  private static <T, R> List<R> onAll(List<T> pods, Function<T, R> body) {
    List<CompletableFuture<R>> running =
        pods.stream()
            .map(
                pod ->
                    CompletableFuture.supplyAsync(
                        () -> body.apply(pod), task -> new Thread(task).start()))
            .toList();
    return running.stream().map(CompletableFuture::join).toList();
  }

  private static void refused(ThrowingCallable call, ErrorCode code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(PartitaException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
