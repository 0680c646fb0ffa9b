// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A public method of a bean that may run on any pod, as a task. It keeps nothing between calls and
 * may run more than once. Only methods that say so can be called from another pod or over REST.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Task {
  /** What REST and JSL call it; by default {@code SimpleClassName.methodName}. */
  String value() default "";
}
