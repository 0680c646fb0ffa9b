// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Beans of the application: of a normal scope the one there is, else one for each lending. */
final class CdiBeans implements Beans {
  private final BeanManager beans;
  private final Map<Class<?>, Shared> shared = new ConcurrentHashMap<>();

  CdiBeans(BeanManager beans) {
    this.beans = beans;
  }

  @Override
  public Lent lend(Class<?> type) {
    Shared known = shared.get(type);
    if (known != null) {
      return known;
    }
    Bean<?> bean = beans.resolve(beans.getBeans(type));
    CreationalContext<?> context = beans.createCreationalContext(bean);
    Object reference = beans.getReference(bean, type, context);
    if (beans.isNormalScope(bean.getScope())) {
      Shared one = new Shared(reference);
      shared.put(type, one);
      return one;
    }
    return new Own(reference, context);
  }

  /** Stays. */
  private record Shared(Object bean) implements Lent {
    @Override
    public void close() {}
  }

  /** Is destroyed when it is given back. */
  private record Own(Object bean, CreationalContext<?> context) implements Lent {
    @Override
    public void close() {
      context.release();
    }
  }
}
