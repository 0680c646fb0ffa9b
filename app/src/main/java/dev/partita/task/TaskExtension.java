// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessManagedBean;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the beans whose methods may be called from other pods. */
public class TaskExtension implements Extension {
  private final Set<Class<?>> classes = new LinkedHashSet<>();

  void find(@Observes ProcessManagedBean<?> bean) {
    Class<?> type = bean.getBean().getBeanClass();
    if (type.isAnnotationPresent(Actor.class)
        || Arrays.stream(type.getMethods())
            .anyMatch(method -> method.isAnnotationPresent(Task.class))) {
      classes.add(type);
    }
  }

  List<Class<?>> classes() {
    return List.copyOf(classes);
  }
}
