// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import java.time.Instant;
import java.util.List;

/**
 * One registered version of a model.
 *
 * @param version 1, 2, 3… within its name
 * @param uri folder of its weights, ends with a slash
 * @param weightsSha256 of the weights, lower-case hex: equal weights, equal word
 * @param accuracy share of the held-out texts it got right, 0 to 1
 * @param macroF1 mean of the classes' F1, 0 to 1
 * @param classNames the index is the label
 * @param dims width of the embedding
 * @param buckets rows of the embedding
 * @param trainedTexts texts of the training side
 * @param instanceId the job that trained it
 */
public record ModelVersion(
    String name,
    int version,
    String uri,
    String weightsSha256,
    double accuracy,
    double macroF1,
    List<String> classNames,
    int dims,
    int buckets,
    int trainedTexts,
    Instant created,
    long instanceId) {

  public ModelVersion {
    classNames = List.copyOf(classNames);
  }
}
