// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

/**
 * One text of a source with its class.
 *
 * @param id unique within its source and stable, e.g. {@code noun:00001740}
 * @param label index into the source's class names
 */
public record LabelledText(String id, int label, String text) {}
