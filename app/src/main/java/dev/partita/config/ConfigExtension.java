// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.config;

import dev.partita.error.PartitaException;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.AfterDeploymentValidation;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.enterprise.inject.spi.Extension;
import java.lang.System.Logger.Level;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link PartitaConfig} a bean. A wrong key ends the server: left running without its
 * application it would look like one that is slow to start.
 */
public class ConfigExtension implements Extension {
  private static final System.Logger LOG = System.getLogger("dev.partita.config");

  private @Nullable PartitaConfig config;
  private @Nullable PartitaException problem;

  void read(@Observes AfterBeanDiscovery discovery) {
    try {
      PartitaConfig read = PartitaConfig.read(ConfigProvider.getConfig());
      config = read;
      FaultPoint.arm(read.faultPause(), read.outputDirectory());
      PodClock.shift(read.faultClockOffset());
    } catch (PartitaException e) {
      problem = e;
    }
    discovery
        .<PartitaConfig>addBean()
        .types(PartitaConfig.class, Object.class)
        .produceWith(instance -> config);
  }

  void stopIfWrong(@Observes AfterDeploymentValidation validation) {
    PartitaException found = problem;
    if (found != null) {
      LOG.log(Level.ERROR, found.getMessage());
      FailedStart.endServer();
      validation.addDeploymentProblem(
          new DeploymentException("wrong configuration keys: see the error before this one"));
    }
  }
}
