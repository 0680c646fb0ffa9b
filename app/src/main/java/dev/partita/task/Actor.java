// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Stereotype;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A bean of which each instance is an actor: it keeps state, and its public methods are called one
 * at a time, unless {@link ActorOptions#maxConcurrency} says otherwise. See {@link Starting} and
 * {@link Snapshots} for what it may implement.
 */
@Stereotype
@Dependent
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Actor {
  /** What REST calls it; by default the simple name of the class. */
  String value() default "";
}
