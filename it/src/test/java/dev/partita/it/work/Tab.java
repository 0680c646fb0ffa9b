// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.work;

import dev.partita.task.Actor;
import dev.partita.task.Snapshots;
import dev.partita.task.Starting;
import jakarta.enterprise.context.Dependent;

/** An actor of a user that adds up. */
@Actor
@Dependent
public class Tab implements Starting<Integer>, Snapshots<Integer> {
  private int total;

  @Override
  public void start(Integer from) {
    total = from == null ? 0 : from;
  }

  public int add(int amount) {
    total += amount;
    return total;
  }

  @Override
  public Integer save() {
    return total;
  }

  @Override
  public void load(Integer state) {
    total = state;
  }
}
