// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

/**
 * The answer for one text.
 *
 * @param label index into the model's class names
 * @param className as a person would say it
 * @param probability of that class, 0 to 1
 */
public record Classification(int label, String className, float probability) {}
