// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/** The manifests of kubernetes/, rendered as a cluster would get them. No cluster is needed. */
@NullMarked
package dev.partita.it.kubernetes;

import org.jspecify.annotations.NullMarked;
