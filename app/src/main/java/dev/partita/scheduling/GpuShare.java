// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.scheduling;

/**
 * A GPU device of a node, or a part of it.
 *
 * @param device its number on the node, from 0
 * @param milli thousandths of the device, 1 to 1000
 */
public record GpuShare(int device, long milli) {}
