// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package org.example.line;

import dev.partita.task.Actor;
import dev.partita.task.Snapshots;

/** An actor: the mean of what it was told, also after its pod died. */
@Actor
public class Mean implements Snapshots<Mean.State> {
  private State state = new State(0, 0);

  /** All it has to remember. */
  public record State(double sum, int count) {}

  /** The mean so far. */
  public double add(double value) {
    state = new State(state.sum() + value, state.count() + 1);
    return state.sum() / state.count();
  }

  @Override
  public State save() {
    return state;
  }

  @Override
  public void load(State saved) {
    state = saved;
  }
}
