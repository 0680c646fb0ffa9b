// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import java.time.Instant;
import java.util.List;

/** A trained model that asks to be registered; {@link ModelVersion} says what the fields mean. */
public record ModelCandidate(
    String name,
    String uri,
    String weightsSha256,
    double accuracy,
    double macroF1,
    List<String> classNames,
    int dims,
    int buckets,
    int trainedTexts,
    long instanceId) {

  public ModelCandidate {
    classNames = List.copyOf(classNames);
  }

  /** The same with its weights elsewhere. */
  ModelCandidate withUri(String folder) {
    return new ModelCandidate(
        name,
        folder,
        weightsSha256,
        accuracy,
        macroF1,
        classNames,
        dims,
        buckets,
        trainedTexts,
        instanceId);
  }

  ModelVersion registered(int version, Instant created) {
    return new ModelVersion(
        name,
        version,
        uri,
        weightsSha256,
        accuracy,
        macroF1,
        classNames,
        dims,
        buckets,
        trainedTexts,
        created,
        instanceId);
  }
}
