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
import java.util.stream.Collectors;
import org.jberet.creation.ArtifactCreationContext;
import org.jberet.runtime.context.JobContextImpl;
import org.jberet.spi.ArtifactFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes batch artifacts as CDI beans, found by name, then by the class that batch.xml or the ref
 * itself names, and destroys them with everything that was made for them. A class that is no bean
 * is left to JBeret, as the specification wants for packaged jobs; {@link JslValidator} refuses
 * such refs in any other.
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
    Bean<?> bean = find(ref, loader);
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
    Bean<?> bean = find(ref, loader);
    return bean == null ? null : bean.getBeanClass();
  }

  /** Artifacts that were made and not yet destroyed. */
  int live() {
    return contexts.size();
  }

  private @Nullable Bean<?> find(String ref, ClassLoader loader) {
    Set<Bean<?>> found = beans.getBeans(ref);
    if (found.isEmpty()) {
      Class<?> type = typeOf(ref, loader);
      found =
          type == null
              ? Set.of()
              : beans.getBeans(type).stream()
                  .filter(bean -> bean.getBeanClass() == type)
                  .collect(Collectors.toSet());
    }
    return found.isEmpty() ? null : beans.resolve(found);
  }

  /** The class that META-INF/batch.xml or the ref itself names; null if there is none. */
  private static @Nullable Class<?> typeOf(String ref, ClassLoader loader) {
    String name = null;
    if (ArtifactCreationContext.getCurrentArtifactCreationContext().getJobContext()
            instanceof JobContextImpl job
        && job.getBatchArtifacts() != null) {
      name = job.getBatchArtifacts().getClassNameForRef(ref);
    }
    try {
      return loader.loadClass(name == null ? ref : name);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }
}
