// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import dev.partita.scheduling.NodeId;
import dev.partita.scheduling.NodeState;
import dev.partita.scheduling.NodeTraits;
import dev.partita.scheduling.Resources;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** One pod with a database of its own. */
public final class AlonePod implements Cluster {
  private final String holder = UUID.randomUUID().toString();
  private final NodeState node;

  /**
   * @param offered what its partitions may use
   */
  public AlonePod(Resources offered) {
    this.node =
        new NodeState(new NodeId("this pod"), 1, new NodeTraits("", Map.of(), ""), offered, false);
  }

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
  public boolean accepting() {
    return true;
  }

  @Override
  public NodeState node() {
    return node;
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
