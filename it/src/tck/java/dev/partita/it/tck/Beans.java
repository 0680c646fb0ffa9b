// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.tck;

import com.ibm.jbatch.tck.artifacts.cdi.DependentScopedBatchlet;
import com.ibm.jbatch.tck.cdi.AppScopedTestBean;
import jakarta.enterprise.inject.spi.BeanManager;
import org.jberet.creation.BatchCDIExtension;
import org.jboss.weld.bootstrap.spi.BeanDiscoveryMode;
import org.jboss.weld.environment.se.Weld;

/** CDI without a server: the beans of the TCK and of JBeret. Ours need a server. */
final class Beans {
  private Beans() {}

  /** Starts it; it ends with the JVM. */
  static BeanManager start() {
    return new Weld("tck")
        .disableDiscovery()
        .setBeanDiscoveryMode(BeanDiscoveryMode.ANNOTATED)
        .addExtension(new BatchCDIExtension())
        .addPackages(true, DependentScopedBatchlet.class, AppScopedTestBean.class)
        .initialize()
        .getBeanManager();
  }
}
