// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.jspecify.annotations.Nullable;

/** One shard, mapped read-only: its vectors lie in the page cache, nothing is copied. */
final class MappedShard implements AutoCloseable {
  /** Before a message's metadata: a continuation marker and a length, four bytes each. */
  private static final int MESSAGE_PREFIX_BYTES = 8;

  // Holds the mapping: the pages stay until this buffer is collected.
  private final MappedByteBuffer file;
  private final VectorSchemaRoot root;
  private final IntVector labels;
  private final VarCharVector ids;
  private final VarCharVector texts;

  private MappedShard(MappedByteBuffer file, VectorSchemaRoot root) {
    this.file = file;
    this.root = root;
    this.ids = (VarCharVector) root.getVector(ShardWriter.ID);
    this.labels = (IntVector) root.getVector(ShardWriter.LABEL);
    this.texts = (VarCharVector) root.getVector(ShardWriter.TEXT);
  }

  /**
   * @throws PartitaException STORAGE_FAILURE when the file is not what its manifest says; checked
   *     before it is mapped as vectors, since reading past a cut file would end the process
   */
  static MappedShard open(Path folder, ShardEntry entry, BufferAllocator memory) {
    Path path = folder.resolve(entry.file());
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        ArrowFileReader footer = new ArrowFileReader(channel, memory)) {
      if (channel.size() != entry.bytes()) {
        throw mismatch(path, channel.size() + " bytes instead of " + entry.bytes(), null);
      }
      MappedByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, entry.bytes());
      String sum = Sha256.of(file);
      if (!sum.equals(entry.sha256())) {
        throw mismatch(path, "SHA-256 " + sum + " instead of " + entry.sha256(), null);
      }
      List<ArrowBlock> blocks = footer.getRecordBlocks();
      if (blocks.size() != 1
          || !footer.getVectorSchemaRoot().getSchema().equals(ShardWriter.SCHEMA)) {
        throw mismatch(path, "not one record batch of " + ShardWriter.SCHEMA, null);
      }
      VectorSchemaRoot root = load(file, blocks.get(0), memory);
      if (root.getRowCount() != entry.texts()) {
        root.close();
        throw mismatch(path, root.getRowCount() + " texts instead of " + entry.texts(), null);
      }
      return new MappedShard(file, root);
    } catch (IOException | RuntimeException e) {
      throw e instanceof PartitaException known ? known : mismatch(path, e.toString(), e);
    }
  }

  private static VectorSchemaRoot load(
      MappedByteBuffer file, ArrowBlock block, BufferAllocator memory) throws IOException {
    ByteBuffer metadata =
        file.slice(
                (int) block.getOffset() + MESSAGE_PREFIX_BYTES,
                block.getMetadataLength() - MESSAGE_PREFIX_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    RecordBatch header = (RecordBatch) Message.getRootAsMessage(metadata).header(new RecordBatch());
    VectorSchemaRoot root = VectorSchemaRoot.create(ShardWriter.SCHEMA, memory);
    try (ArrowBuf whole = memory.wrapForeignAllocation(new Mapping(file));
        ArrowRecordBatch batch =
            MessageSerializer.deserializeRecordBatch(header, body(whole, block))) {
      new VectorLoader(root).load(batch);
      return root;
    } catch (IOException | RuntimeException e) {
      root.close();
      throw e;
    }
  }

  /** The batch closes what it is given, so the slice is retained for it. */
  private static ArrowBuf body(ArrowBuf whole, ArrowBlock block) {
    whole.getReferenceManager().retain();
    return whole.slice(block.getOffset() + block.getMetadataLength(), block.getBodyLength());
  }

  int texts() {
    return root.getRowCount();
  }

  int label(int row) {
    return labels.get(row);
  }

  long textAddress(int row) {
    return texts.getDataBuffer().memoryAddress() + texts.getStartOffset(row);
  }

  int textBytes(int row) {
    return texts.getValueLength(row);
  }

  byte[] id(int row) {
    return ids.get(row);
  }

  byte[] text(int row) {
    return texts.get(row);
  }

  long mappedBytes() {
    return file.capacity();
  }

  @Override
  public void close() {
    root.close();
  }

  private static PartitaException mismatch(Path path, String what, @Nullable Throwable cause) {
    return new PartitaException(
        ErrorCode.STORAGE_FAILURE,
        "dataset file " + path + " is not what its manifest says: " + what,
        cause);
  }

  /** The file's pages, seen by Arrow as memory somebody else owns. */
  private static final class Mapping extends ForeignAllocation {
    Mapping(MappedByteBuffer file) {
      super(file.capacity(), MemoryUtil.getByteBufferAddress(file));
    }

    @Override
    protected void release0() {
      // The pages go with the mapped buffer.
    }
  }
}
