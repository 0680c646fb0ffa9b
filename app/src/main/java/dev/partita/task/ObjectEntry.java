// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What an object's owner knows of it. Counts belong to {@link OwnedObjects}, under its lock. */
final class ObjectEntry {
  final RefId id;

  /** Ends with where the object is, or with a {@link TaskFailure}. Never cancelled from outside. */
  volatile CompletableFuture<Value> value = new CompletableFuture<>();

  /** The call that makes it; null for what was put. */
  volatile @Nullable Submission maker;

  /** The task that makes it again if it is lost; null: nothing does. */
  volatile @Nullable Submission lineage;

  /** Lets go of what the value refers to, when the object is forgotten. */
  volatile Runnable settle = () -> {};

  /** References in this process, and calls under way that it is an argument of. */
  int holds;

  /** How often each other pod's life holds on to it. */
  final Map<String, Integer> borrowers = new HashMap<>();

  ObjectEntry(RefId id) {
    this.id = id;
  }

  /** Calls back when it is there or has failed; at once if it has. */
  void whenDone(BiConsumer<? super @Nullable Value, ? super @Nullable Throwable> action) {
    var unused = value.whenComplete(action);
  }

  boolean unused() {
    return holds == 0 && borrowers.isEmpty();
  }
}
