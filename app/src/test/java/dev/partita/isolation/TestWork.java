// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.objectstore.Budget;
import dev.partita.objectstore.ObjectId;
import dev.partita.objectstore.ObjectStore;
import dev.partita.objectstore.ObjectWriter;
import dev.partita.objectstore.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** What the tests of workers run, in the test's own JVM and in children. */
final class TestWork {
  private static final Duration PATIENT = Duration.ofSeconds(10);

  private TestWork() {}

  static String text(ByteBuffer bytes) {
    return UTF_8.decode(bytes).toString();
  }

  static Call call(String work, String text) {
    return Call.of(work, text.getBytes(UTF_8));
  }

  static Answer answer(String text) {
    return Answer.of(text.getBytes(UTF_8));
  }

  /** Its bytes and objects. Prints them too, which must not get into a child's channel. */
  public static final class Echo implements Work {
    @Override
    public String name() {
      return "echo";
    }

    @Override
    public Answer run(Call call, WorkContext context) {
      System.out.println("echo of " + call.bytes().remaining() + " bytes");
      return new Answer(call.bytes(), call.objects());
    }
  }

  /** A new object for each, of the same size, each byte doubled. */
  public static final class DoubleObjects implements Work {
    @Override
    public String name() {
      return "double";
    }

    @Override
    public Answer run(Call call, WorkContext context) {
      List<ObjectId> made = new ArrayList<>();
      ObjectStore store = context.store();
      for (ObjectId id : call.objects()) {
        try (StoredObject object = store.get(id, PATIENT);
            ObjectWriter writer =
                store.create(Budget.STORE, object.byteSize(), object.metadata(), PATIENT)) {
          int size = (int) object.byteSize();
          ByteBuffer from = object.view(0, size);
          ByteBuffer to = writer.buffer(0, size);
          for (int i = 0; i < size; i++) {
            to.put(i, (byte) (2 * from.get(i)));
          }
          made.add(writer.seal());
        }
      }
      return new Answer(ByteBuffer.allocate(0), made);
    }
  }

  /** Throws what its bytes say. */
  public static final class Throw implements Work {
    @Override
    public String name() {
      return "throw";
    }

    @Override
    public Answer run(Call call, WorkContext context) throws IOException {
      String what = text(call.bytes());
      switch (what) {
        case "coded" -> throw new PartitaException(ErrorCode.OBJECT_LOST, "gone");
        case "overflow" -> {
          return run(call, context);
        }
        default -> throw new IOException("cannot " + what, new IllegalStateException("the cause"));
      }
    }
  }

  /** How often this worker was asked so far: state of one worker. */
  public static final class Count implements Work {
    private int count;

    @Override
    public String name() {
      return "count";
    }

    @Override
    public Answer run(Call call, WorkContext context) {
      return answer(Integer.toString(++count));
    }
  }

  /** Waits until it is cancelled, or for ever if its bytes say "stubborn". */
  public static final class Wait implements Work {
    @Override
    public String name() {
      return "wait";
    }

    @Override
    public Answer run(Call call, WorkContext context) throws InterruptedException {
      boolean stubborn = text(call.bytes()).equals("stubborn");
      // Begins an object and holds others: all of it must go with the worker.
      for (ObjectId id : call.objects()) {
        StoredObject held = context.store().get(id, PATIENT);
        ObjectWriter begun = context.store().create(Budget.STORE, 100, new byte[0], PATIENT);
        held.view(0, 1).get();
        begun.buffer(0, 1).put((byte) 1);
      }
      while (stubborn || !context.cancelled()) {
        if (stubborn) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
          Thread.interrupted();
        } else {
          Thread.sleep(60_000);
        }
      }
      return answer("cancelled");
    }
  }

  /** An answer larger than allowed. */
  public static final class Large implements Work {
    @Override
    public String name() {
      return "large";
    }

    @Override
    public Answer run(Call call, WorkContext context) {
      return Answer.of(new byte[Call.MAX_BYTES + 1]);
    }
  }

  /** Ends its process in the way its bytes say. */
  public static final class End implements Work {
    @Override
    public String name() {
      return "end";
    }

    @Override
    public Answer run(Call call, WorkContext context) throws Exception {
      switch (text(call.bytes())) {
        case "write through a get address" -> {
          ObjectId id =
              context.store().put(Budget.STORE, ByteBuffer.allocate(8), new byte[0], PATIENT);
          StoredObject object = context.store().get(id, PATIENT);
          new Memory(object.address(), 8).put(0, (byte) 1);
        }
        case "segmentation fault" -> new Memory(64, 8).get(0);
        case "abort" -> Pointer.free(new Memory(new BytePointer(64).address() + 16, 8));
        case "exit" -> System.exit(7);
        case "halt" -> Runtime.getRuntime().halt(0);
        case "heap" -> {
          List<byte[]> all = new ArrayList<>();
          while (all.size() < Integer.MAX_VALUE) {
            all.add(new byte[1 << 20]);
          }
        }
        case "native memory" -> {
          // More than it may have; JavaCPP says so as Java does.
          List<Pointer> all = new ArrayList<>();
          while (all.size() < Integer.MAX_VALUE) {
            BytePointer block = new BytePointer(16L << 20);
            Pointer.memset(block, 1, block.capacity());
            all.add(block);
          }
        }
        default -> throw new IllegalArgumentException(text(call.bytes()));
      }
      return answer("still here");
    }

    /** Some memory. */
    private static final class Memory extends BytePointer {
      Memory(long address, long bytes) {
        super((Pointer) null);
        this.address = address;
        this.limit = bytes;
        this.capacity = bytes;
      }
    }
  }
}
