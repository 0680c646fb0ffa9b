// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What may be called from elsewhere: methods annotated with {@link Task}, and the public methods of
 * classes annotated with {@link Actor}. Filled once, then only read.
 */
final class Registry {
  private final Codec codec;
  private final MethodNames names = new MethodNames();
  private final Map<String, RemoteMethod> tasks = new TreeMap<>();
  private final Map<String, ActorType> actors = new TreeMap<>();

  Registry(Codec codec, Collection<Class<?>> beans) {
    this.codec = codec;
    for (Class<?> bean : beans) {
      if (bean.isAnnotationPresent(Actor.class)) {
        ActorType type = ActorType.of(bean, codec);
        addOnce(actors, type.name(), type, bean);
      } else {
        addTasks(bean);
      }
    }
  }

  private void addTasks(Class<?> bean) {
    for (Method method : bean.getMethods()) {
      Task task = method.getAnnotation(Task.class);
      if (task != null && !method.isBridge()) {
        String name =
            task.value().isEmpty() ? bean.getSimpleName() + "." + method.getName() : task.value();
        addOnce(tasks, name, RemoteMethod.of(name, bean, method, codec), bean);
      }
    }
  }

  private static <T> void addOnce(Map<String, T> all, String name, T value, Class<?> bean) {
    if (all.putIfAbsent(name, value) != null) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          "'"
              + name
              + "' is there twice, in "
              + bean.getName()
              + " too: name one of them otherwise");
    }
  }

  Map<String, RemoteMethod> tasks() {
    return tasks;
  }

  Map<String, ActorType> actors() {
    return actors;
  }

  RemoteMethod task(String name) {
    RemoteMethod found = tasks.get(name);
    if (found == null) {
      throw new PartitaException(
          ErrorCode.NOT_FOUND, "there is no task '" + name + "'; there is " + tasks.keySet());
    }
    return found;
  }

  ActorType actor(String name) {
    ActorType found = actors.get(name);
    if (found == null) {
      throw new PartitaException(
          ErrorCode.NOT_FOUND,
          "there is no actor class '" + name + "'; there is " + actors.keySet());
    }
    return found;
  }

  ActorType actor(Class<?> bean) {
    for (ActorType type : actors.values()) {
      if (type.bean() == bean) {
        return type;
      }
    }
    throw new PartitaException(
        ErrorCode.NOT_FOUND, bean.getName() + " is no bean annotated with @Actor");
  }

  /** The task that a method reference means. */
  RemoteMethod task(Serializable reference) {
    MethodNames.MethodName name = names.of(reference);
    for (RemoteMethod task : tasks.values()) {
      if (task.method().getName().equals(name.method()) && belongs(name, task.bean())) {
        return task;
      }
    }
    throw new PartitaException(
        ErrorCode.NOT_FOUND,
        name.owner() + "." + name.method() + " is no method of a bean annotated with @Task");
  }

  private static boolean belongs(MethodNames.MethodName name, Class<?> bean) {
    for (Class<?> type = bean; type != null; type = type.getSuperclass()) {
      if (type.getName().equals(name.owner())) {
        return true;
      }
    }
    return false;
  }

  /** The method of an actor that a method reference means. */
  RemoteMethod method(ActorType type, Serializable reference) {
    return type.method(names.of(reference).method());
  }
}
