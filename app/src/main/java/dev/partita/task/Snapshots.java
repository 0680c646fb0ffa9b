// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

/**
 * An actor whose state survives the pod it is on. The state is saved after calls and before their
 * answers are sent ({@link Delivery#EXACTLY_ONCE}), or every now and then.
 *
 * @param <S> a type that goes over the wire, see {@link Cluster}
 */
public interface Snapshots<S> {
  /** All that the actor would miss after a restart. Not called while a method runs. */
  S save();

  /** Called once after a restart, after {@link Starting#start} and before the first method. */
  void load(S state);
}
