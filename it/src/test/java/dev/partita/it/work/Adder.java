// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.work;

import dev.partita.task.Actor;
import dev.partita.task.Snapshots;

/** An actor whose sum survives its pod. */
@Actor
public class Adder implements Snapshots<Long> {
  private long sum;

  public long add(long number) {
    sum += number;
    return sum;
  }

  @Override
  public Long save() {
    return sum;
  }

  @Override
  public void load(Long state) {
    sum = state;
  }
}
