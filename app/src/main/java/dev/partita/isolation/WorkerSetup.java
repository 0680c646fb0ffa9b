// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.isolation;

import dev.partita.objectstore.ObjectStore;

/** What a runner of calls runs them with. */
record WorkerSetup(String name, Works works, ObjectStore store, int concurrency) {}
