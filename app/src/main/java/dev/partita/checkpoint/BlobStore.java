// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * Blobs by URI. A blob is written once, never changed. A folder is a URI that ends in {@code /}; it
 * needs no creation. All methods block and may be called from any thread.
 */
public interface BlobStore {
  /** Writes what makes up one blob; called once. */
  @FunctionalInterface
  interface Content {
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /**
   * Writes a new blob. When this returns, its bytes survive a crash; its name does so after {@link
   * #sync}. When it throws, an unreadable rest may lie there.
   */
  void write(URI blob, Content content) throws IOException;

  /**
   * Makes a new blob with the bytes of another, which may then be deleted; whether they share them
   * on disk is the store's business. It survives a crash as one that was written.
   */
  void copy(URI from, URI to) throws IOException;

  /** Makes the names of the blobs directly in {@code folder}, and the folder's own, survive. */
  void sync(URI folder) throws IOException;

  /**
   * A writer of sets of these tensors into folders of this store; the caller closes.
   *
   * @param copied whether what is written is a copy taken by begin; otherwise nobody may change the
   *     tensors before await returns
   */
  default SetWriter setWriter(List<CheckpointFile> files, boolean copied) {
    return new ChannelSetWriter(this, files, copied);
  }

  /**
   * Fills the tensors of {@code targets} from the set in {@code folder}, whose manifest is vouched
   * for, once the checksums of these files are found right. Throws CHECKPOINT_CORRUPT, naming the
   * file, and then has changed nothing.
   */
  default void load(URI folder, Manifest manifest, List<CheckpointFile> targets) {
    new ChannelSetReader(this, folder, manifest).load(targets);
  }

  /** Opens a blob for reading; the caller closes. Throws NoSuchFileException when it is absent. */
  SeekableByteChannel read(URI blob) throws IOException;

  /** The blobs and folders directly in {@code folder}; empty when it does not exist. */
  List<URI> list(URI folder) throws IOException;

  /** Deletes a blob, or a folder with everything in it; does nothing when it is absent. */
  void delete(URI blobOrFolder) throws IOException;
}
