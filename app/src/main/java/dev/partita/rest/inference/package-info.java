// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The Open Inference Protocol, version 2, over REST. Requests are read as a stream, straight into
 * bytes and floats; shape, type and size are checked before anything is allocated for them.
 */
@NullMarked
package dev.partita.rest.inference;

import org.jspecify.annotations.NullMarked;
