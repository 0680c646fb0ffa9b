// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Where work runs: on threads of this server or in a child JVM without Liberty, so that the work
 * cannot tell which. {@link dev.partita.isolation.Work} is what runs, {@link
 * dev.partita.isolation.Worker} is where, {@link dev.partita.isolation.Workers} makes them and
 * watches over them. A child that dies takes nothing with it: what it did is lost, and said to be.
 */
@NullMarked
package dev.partita.isolation;

import org.jspecify.annotations.NullMarked;
