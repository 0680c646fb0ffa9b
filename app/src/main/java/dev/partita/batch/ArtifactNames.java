// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.reflect.Type;
import java.util.Set;
import java.util.TreeSet;

/** The names that a ref in a job definition may have. */
final class ArtifactNames {
  private ArtifactNames() {}

  /** All named beans that implement an interface of the batch API. */
  static Set<String> of(BeanManager beans) {
    Set<String> names = new TreeSet<>();
    for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
      if (bean.getName() != null && bean.getTypes().stream().anyMatch(ArtifactNames::isBatchApi)) {
        names.add(bean.getName());
      }
    }
    return names;
  }

  private static boolean isBatchApi(Type type) {
    return type.getTypeName().startsWith("jakarta.batch.api.");
  }
}
