// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.checkpoint;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.tensor.TensorSet;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Blobs as files. Survival means fsync of the file, then of the folders that name it. */
public final class FileBlobStore implements BlobStore {
  @Override
  public void write(URI blob, Content content) throws IOException {
    Path file = Path.of(blob);
    makeFolders(file.getParent());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      content.writeTo(channel);
      channel.force(true);
    }
  }

  /** By a second name for the same bytes where the file system can, else by a true copy. */
  @Override
  public void copy(URI from, URI to) throws IOException {
    Path target = Path.of(to);
    makeFolders(target.getParent());
    try {
      Files.createLink(target, Path.of(from));
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) {
      write(to, channel -> transfer(from, channel));
    }
  }

  private void transfer(URI from, WritableByteChannel target) throws IOException {
    try (FileChannel source = FileChannel.open(Path.of(from), StandardOpenOption.READ)) {
      long at = 0;
      while (at < source.size()) {
        at += source.transferTo(at, source.size() - at, target);
      }
    }
  }

  @Override
  public void sync(URI folder) throws IOException {
    Path path = Path.of(folder);
    force(path);
    Path parent = path.getParent();
    if (parent != null) {
      force(parent);
    }
  }

  @Override
  public SetWriter setWriter(List<CheckpointFile> files, boolean copied) {
    return forTheCore(files)
        ? new FileSetWriter(files, copied)
        : BlobStore.super.setWriter(files, copied);
  }

  @Override
  public void load(URI folder, Manifest manifest, List<CheckpointFile> targets) {
    if (!forTheCore(targets)) {
      BlobStore.super.load(folder, manifest, targets);
      return;
    }
    try (TensorSet set = FileSetWriter.setOf(targets)) {
      set.load(Path.of(folder));
    } catch (PartitaException e) {
      throw new PartitaException(ErrorCode.CHECKPOINT_CORRUPT, String.valueOf(e.getMessage()), e);
    }
  }

  /** Something, and all of it in native memory. */
  private static boolean forTheCore(List<CheckpointFile> files) {
    return !files.isEmpty()
        && files.stream()
            .flatMap(file -> file.tensors().stream())
            .allMatch(tensor -> tensor.bytes().isDirect());
  }

  @Override
  public SeekableByteChannel read(URI blob) throws IOException {
    return FileChannel.open(Path.of(blob), StandardOpenOption.READ);
  }

  @Override
  public List<URI> list(URI folder) throws IOException {
    Path path = Path.of(folder);
    List<URI> children = new ArrayList<>();
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
        stream.forEach(child -> children.add(child.toUri()));
      }
    }
    return children;
  }

  @Override
  public void delete(URI blobOrFolder) throws IOException {
    Path path = Path.of(blobOrFolder);
    // Somebody else may delete the same at the same time: what is gone already is what is wanted.
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Makes the folder and those above it, and makes the names of the new ones survive. */
  private static void makeFolders(@Nullable Path folder) throws IOException {
    if (folder == null || Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    makeFolders(parent);
    Files.createDirectories(folder);
    if (parent != null) {
      force(parent);
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
