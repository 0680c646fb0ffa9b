// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A class of actors.
 *
 * @param methods that may be called from elsewhere, by simple name
 * @param argument of {@link Starting#start}, or null
 * @param state of {@link Snapshots}, or null
 */
record ActorType(
    String name,
    Class<?> bean,
    Map<String, RemoteMethod> methods,
    @Nullable JavaType argument,
    @Nullable JavaType state) {

  static ActorType of(Class<?> bean, Codec codec) {
    Actor actor = bean.getAnnotation(Actor.class);
    if (actor == null) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT, bean.getName() + " is no actor: annotate it with @Actor");
    }
    String name = actor.value().isEmpty() ? bean.getSimpleName() : actor.value();
    Map<String, RemoteMethod> methods = new LinkedHashMap<>();
    for (Method method : bean.getMethods()) {
      if (method.getDeclaringClass() == Object.class
          || Modifier.isStatic(method.getModifiers())
          || method.isBridge()
          || isHook(method)) {
        continue;
      }
      RemoteMethod former =
          methods.put(
              method.getName(),
              RemoteMethod.of(name + "." + method.getName(), bean, method, codec));
      if (former != null) {
        throw new PartitaException(
            ErrorCode.INVALID_ARGUMENT,
            "actor "
                + name
                + " has two public methods '"
                + method.getName()
                + "'; give one another name");
      }
    }
    return new ActorType(
        name,
        bean,
        Map.copyOf(methods),
        codec.parameterOf(bean, Starting.class),
        codec.parameterOf(bean, Snapshots.class));
  }

  private static boolean isHook(Method method) {
    return switch (method.getName()) {
      case "start" -> Starting.class.isAssignableFrom(method.getDeclaringClass());
      case "save", "load" -> Snapshots.class.isAssignableFrom(method.getDeclaringClass());
      default -> false;
    };
  }

  RemoteMethod method(String method) {
    RemoteMethod found = methods.get(method);
    if (found == null) {
      throw new PartitaException(
          ErrorCode.NOT_FOUND,
          "actor " + name + " has no public method '" + method + "'; it has " + methods.keySet());
    }
    return found;
  }
}
