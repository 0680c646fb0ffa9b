// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jberet.spi.ArtifactFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes batch artifacts as CDI beans, found by name, and destroys them with everything that was
 * made for them. A ref that names no bean is left to JBeret (batch.xml, class name), as the
 * specification wants for packaged jobs; {@link JslValidator} refuses it in any other.
 */
final class CdiArtifactFactory implements ArtifactFactory {
  private final BeanManager beans;
  private final Map<Object, CreationalContext<?>> contexts =
      Collections.synchronizedMap(new IdentityHashMap<>());

  CdiArtifactFactory(BeanManager beans) {
    this.beans = beans;
  }

  @Override
  public @Nullable Object create(String ref, @Nullable Class<?> type, ClassLoader loader) {
    Bean<?> bean = find(ref);
    if (bean == null) {
      return null;
    }
    CreationalContext<?> context = beans.createCreationalContext(bean);
    Object artifact;
    try {
      artifact = beans.getReference(bean, bean.getBeanClass(), context);
    } catch (RuntimeException e) {
      context.release();
      throw e;
    }
    contexts.put(artifact, context);
    return artifact;
  }

  @Override
  public void destroy(@Nullable Object artifact) {
    if (artifact != null) {
      CreationalContext<?> context = contexts.remove(artifact);
      if (context != null) {
        context.release();
      }
    }
  }

  @Override
  public @Nullable Class<?> getArtifactClass(String ref, ClassLoader loader) {
    Bean<?> bean = find(ref);
    return bean == null ? null : bean.getBeanClass();
  }

  /** Artifacts that were made and not yet destroyed. */
  int live() {
    return contexts.size();
  }

  private @Nullable Bean<?> find(String ref) {
    Set<Bean<?>> found = beans.getBeans(ref);
    return found.isEmpty() ? null : beans.resolve(found);
  }
}
