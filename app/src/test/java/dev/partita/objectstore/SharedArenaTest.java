// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two JVMs, one arena. */
class SharedArenaTest {
  private static final Duration PATIENT = Duration.ofSeconds(30);

  @TempDir Path temp;

  @Test
  void aKilledJvmLeavesWhatItSealedAndNothingElse() throws IOException, InterruptedException {
    try (ObjectStore store = ObjectStore.open(temp.resolve("store"), 4 << 20, null, PATIENT)) {
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Dorg.bytedeco.javacpp.cachedir="
                      + System.getProperty("org.bytedeco.javacpp.cachedir", ""),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Other.class.getName(),
                  temp.resolve("store").toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        ObjectId sealed = ObjectId.parse(other.inputReader().readLine());
        assertThat(store.statistics())
            .returns(2, StoreStatistics::clients)
            .returns(1L, StoreStatistics::pinnedObjects)
            .returns(1L, StoreStatistics::writingObjects);
        other.destroyForcibly();
        assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        while (store.statistics().clients() != 1 && System.nanoTime() < deadline) {
          Thread.onSpinWait();
        }
        assertThat(store.statistics())
            .returns(1, StoreStatistics::clients)
            .returns(0L, StoreStatistics::pinnedObjects)
            .returns(0L, StoreStatistics::writingObjects)
            .returns(1L, StoreStatistics::objects);
        try (StoredObject object = store.get(sealed, Duration.ZERO)) {
          assertThat(object.view(0, 8).getLong()).isEqualTo(42);
        }
      } finally {
        other.destroyForcibly();
      }
    }
  }

  /** Seals one object and pins it, begins another, and waits for its end. */
  static final class Other {
    private Other() {}

    public static void main(String[] arguments) throws InterruptedException {
      ObjectStore store = ObjectStore.open(Path.of(arguments[0]), 4 << 20, null, PATIENT);
      ByteBuffer content = ByteBuffer.allocate(8).order(java.nio.ByteOrder.nativeOrder());
      ObjectId id = store.put(Budget.STORE, content.putLong(42).flip(), new byte[0], Duration.ZERO);
      StoredObject pinned = store.get(id, Duration.ZERO);
      ObjectWriter writer = store.create(Budget.STORE, 1000, new byte[0], Duration.ZERO);
      System.out.println(pinned.id());
      Thread.sleep(60_000);
      writer.close();
    }
  }
}
