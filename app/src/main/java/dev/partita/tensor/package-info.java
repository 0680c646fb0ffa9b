// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The Java face of the native core and of libtorch: text to features, a bag-of-features classifier
 * with its gradients, their merge in a fixed tree, and the optimizers. Everything that holds native
 * memory is closed by whoever opened it; nobody outside sees a native pointer. libtorch is loaded
 * by the first call that computes with a {@link dev.partita.tensor.BagModel}, not before.
 */
@NullMarked
package dev.partita.tensor;

import org.jspecify.annotations.NullMarked;
