// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Who is calling, and what the caller may do: Basic passwords, bearer tokens, session cookies and
 * one-time sign-in tokens, all ending in the same three roles.
 */
@NullMarked
package dev.partita.rest.security;

import org.jspecify.annotations.NullMarked;
