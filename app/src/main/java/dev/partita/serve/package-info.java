// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Model versions and answering with them: the registry of what was trained, and a server inside
 * this process that loads a version at first use and batches concurrent requests.
 */
@NullMarked
package dev.partita.serve;

import org.jspecify.annotations.NullMarked;
