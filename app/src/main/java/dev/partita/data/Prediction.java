// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.data;

/**
 * What a model said about one text of a dataset.
 *
 * @param row the text's global row in its dataset
 * @param label index into the model's class names
 * @param probability of that label, 0 to 1
 */
public record Prediction(int row, int label, float probability) {}
