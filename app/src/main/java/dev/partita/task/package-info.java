// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Tasks, actors, objects and placement groups over the pods of a cluster. {@link
 * dev.partita.task.Cluster} is where to begin.
 */
@NullMarked
package dev.partita.task;

import org.jspecify.annotations.NullMarked;
