// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

/**
 * What a worker may take.
 *
 * @param concurrency calls that run at once, 1 to 1024; others wait, first come, first served
 * @param heapBytes of a child's Java heap; a thread worker has the server's
 * @param privateBytes of all memory that a child has to itself, its heap included, the arena not
 */
public record WorkerOptions(int concurrency, long heapBytes, long privateBytes) {
  public WorkerOptions {
    if (concurrency < 1 || concurrency > 1024) {
      throw new IllegalArgumentException("concurrency must be 1 to 1024: " + concurrency);
    }
  }
}
