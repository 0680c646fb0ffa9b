// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.databind.JavaType;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A method that may be called from elsewhere: of a bean, for tasks, or of an actor.
 *
 * @param name the same on all pods of an application
 * @param handle takes the bean and the arguments, as one array
 */
record RemoteMethod(
    String name,
    Class<?> bean,
    Method method,
    List<JavaType> arguments,
    JavaType result,
    MethodHandle handle) {

  static RemoteMethod of(String name, Class<?> bean, Method method, Codec codec) {
    try {
      MethodHandle handle =
          MethodHandles.publicLookup()
              .unreflect(method)
              .asSpreader(Object[].class, method.getParameterCount());
      return new RemoteMethod(
          name,
          bean,
          method,
          Arrays.stream(method.getGenericParameterTypes()).map(codec::type).toList(),
          codec.type(method.getGenericReturnType()),
          handle);
    } catch (IllegalAccessException e) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          method + " cannot be called from elsewhere: it and its class must be public",
          e);
    }
  }

  @Nullable Object invoke(Object target, @Nullable Object[] values) throws Throwable {
    return handle.invoke(target, values);
  }

  void checkCount(int given) {
    if (given != arguments.size()) {
      throw new PartitaException(
          ErrorCode.INVALID_ARGUMENT,
          name + " takes " + arguments.size() + " arguments, not " + given);
    }
  }
}
