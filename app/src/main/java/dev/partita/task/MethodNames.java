// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which method a method reference refers to. The platform itself says so: a serializable one has a
 * method {@code writeReplace} that describes it ({@link SerializedLambda}).
 */
final class MethodNames {
  /** Each place in a program where a method reference stands has a class of its own. */
  private final ConcurrentHashMap<Class<?>, MethodName> known = new ConcurrentHashMap<>();

  /**
   * A method of a bean.
   *
   * @param owner binary name of the class that declares it, as far as the reference says
   */
  record MethodName(String owner, String method, String descriptor) {}

  MethodName of(Serializable reference) {
    MethodName name = known.get(reference.getClass());
    if (name == null) {
      name = read(reference);
      known.put(reference.getClass(), name);
    }
    return name;
  }

  private static MethodName read(Serializable reference) {
    SerializedLambda lambda;
    try {
      Method describe = reference.getClass().getDeclaredMethod("writeReplace");
      describe.setAccessible(true);
      lambda = (SerializedLambda) describe.invoke(reference);
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw notAReference(reference.getClass().getName(), e);
    }
    if (lambda.getImplMethodName().startsWith("lambda$") || lambda.getCapturedArgCount() > 0) {
      throw notAReference(lambda.getImplMethodName(), null);
    }
    return new MethodName(
        lambda.getImplClass().replace('/', '.'),
        lambda.getImplMethodName(),
        lambda.getImplMethodSignature());
  }

  private static PartitaException notAReference(
      String what, @org.jspecify.annotations.Nullable Throwable cause) {
    return new PartitaException(
        ErrorCode.INVALID_ARGUMENT,
        what
            + " is not a reference to a method of a bean: write it as Texts::count, not as"
            + " text -> texts.count(text) and not as texts::count",
        cause);
  }
}
