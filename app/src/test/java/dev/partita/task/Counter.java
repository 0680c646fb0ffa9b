// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

/** An actor for tests. */
@Actor
public class Counter implements Starting<Integer>, Snapshots<Integer> {
  private int count;

  @Override
  public void start(Integer from) {
    count = from == null ? 0 : from;
  }

  public int add(int number) {
    count += number;
    return count;
  }

  public String where() {
    return TaskContext.current().orElseThrow().node();
  }

  public int fails() {
    throw new IllegalStateException("as it should");
  }

  public String await(String latch) throws InterruptedException {
    return new Texts().await(latch);
  }

  @Override
  public Integer save() {
    return count;
  }

  @Override
  public void load(Integer state) {
    count = state;
  }
}
