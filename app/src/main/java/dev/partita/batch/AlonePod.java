// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** One pod with a database of its own. */
public final class AlonePod implements Cluster {
  private final String holder = UUID.randomUUID().toString();

  @Override
  public void join(DataSource database) {}

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public String holder() {
    return holder;
  }

  @Override
  public String application() {
    return "";
  }

  @Override
  public boolean reached() {
    return true;
  }

  @Override
  public boolean accepting() {
    return true;
  }

  @Override
  public int pods() {
    return 1;
  }

  @Override
  public void ring(Bell bell) {}

  @Override
  public void listen(Consumer<Bell> bells, Runnable lost) {}

  @Override
  public void drain() {}

  @Override
  public void leave() {}
}
