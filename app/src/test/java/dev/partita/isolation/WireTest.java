// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.error.ErrorCode;
import dev.partita.isolation.Frame.Kind;
import dev.partita.isolation.Frame.ProtocolException;
import dev.partita.objectstore.ObjectId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What passes between server and child: whole, or refused. */
class WireTest {
  private static final Call CALL =
      new Call("wörk", ByteBuffer.wrap(new byte[] {1, 2, 3}), List.of(new ObjectId(-1, 2)));

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Call call = Wire.call(Wire.call(CALL));
    assertThat(call).isEqualTo(CALL);
    Outcome.Failed failed = new Outcome.Failed(ErrorCode.WORK_FAILED, "ä", "stack");
    assertThat(Wire.failure(Wire.failure(failed))).isEqualTo(failed);
    Wire.Setup setup =
        new Wire.Setup(
            "w", 3, 1L << 40, Duration.ofMillis(7), Path.of("/a"), 5, Path.of("/ö"), Duration.ZERO);
    assertThat(Wire.setup(Wire.setup(setup))).isEqualTo(setup);
  }

  @Test
  void aFrameThatIsCutIsTheEnd() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Frame(Kind.CALL, 42, Wire.call(CALL)).write(new DataOutputStream(bytes));
    byte[] whole = bytes.toByteArray();
    for (int length = 0; length < whole.length; length++) {
      assertThat(read(Arrays.copyOf(whole, length))).isNull();
    }
    assertThat(read(whole)).returns(42L, Frame::number).returns(Kind.CALL, Frame::kind);
  }

  @Test
  void impossibleFramesAreRefusedBeforeAnythingIsAllocated() {
    for (int length : new int[] {-1, Integer.MIN_VALUE, Frame.MAX_BODY + 1, Integer.MAX_VALUE}) {
      byte[] header = ByteBuffer.allocate(13).putInt(length).put((byte) 3).array();
      assertThatThrownBy(() -> read(header)).isInstanceOf(ProtocolException.class);
    }
    assertThatThrownBy(() -> read(ByteBuffer.allocate(13).putInt(0).put((byte) 99).array()))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void brokenBodiesAreRefused() {
    byte[] body = Arrays.copyOf(Wire.call(CALL).array(), Wire.call(CALL).remaining());
    for (int length = 0; length < body.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(body, length));
      assertThatThrownBy(() -> Wire.call(cut)).isInstanceOf(ProtocolException.class);
    }
    ByteBuffer longer = ByteBuffer.wrap(Arrays.copyOf(body, body.length + 1));
    assertThatThrownBy(() -> Wire.call(longer)).isInstanceOf(ProtocolException.class);
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      byte[] changed = body.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      try {
        Wire.call(ByteBuffer.wrap(changed));
        Wire.failure(ByteBuffer.wrap(changed));
      } catch (ProtocolException expected) {
        assertThat(expected).hasMessageContaining("a body");
      }
    }
  }

  private static @Nullable Frame read(byte[] bytes) throws IOException {
    return Frame.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
