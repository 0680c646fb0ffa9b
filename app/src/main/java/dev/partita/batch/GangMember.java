// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

/**
 * A partition of a gang, and where it was placed; all members of one attempt of the gang have the
 * same attempt.
 *
 * @param holder the life of the pod that runs it
 * @param address where that pod hears others, {@code host:port}
 * @param gpus the GPU devices it may use, {@code device:thousandths} with commas between
 */
public record GangMember(int partition, String holder, String address, String gpus) {}
