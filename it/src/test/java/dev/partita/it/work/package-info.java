// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What a user would bring: batch artifacts that the tests of a cluster run inside the servers,
 * packed as a jar of the application by {@link dev.partita.it.fixture.ChaosApplication}.
 */
@NullMarked
package dev.partita.it.work;

import org.jspecify.annotations.NullMarked;
