// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.rest.batch;

import dev.partita.batch.InstanceQuery;
import dev.partita.batch.JobExecutionInfo;
import dev.partita.batch.JobHistory;
import dev.partita.batch.JobInstanceInfo;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import dev.partita.rest.security.Roles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;

/**
 * What a caller may see and change: an administrator everything, a monitor sees everything, a
 * submitter sees and changes its own jobs.
 */
@ApplicationScoped
public class JobAccess {
  @Inject private JobHistory history;

  /** The instance, when the caller may see it; else FORBIDDEN. */
  public JobInstanceInfo readable(long instanceId, SecurityContext caller) {
    JobInstanceInfo instance = history.instance(instanceId);
    if (!readsAll(caller) && !owns(instance, caller)) {
      throw forbidden(instance);
    }
    return instance;
  }

  /** The instance, when the caller may stop, restart or purge it; else FORBIDDEN. */
  public JobInstanceInfo writable(long instanceId, SecurityContext caller) {
    JobInstanceInfo instance = history.instance(instanceId);
    boolean submitsItself = caller.isUserInRole(Roles.SUBMITTER) && owns(instance, caller);
    if (!caller.isUserInRole(Roles.ADMIN) && !submitsItself) {
      throw forbidden(instance);
    }
    return instance;
  }

  public JobExecutionInfo readableExecution(long executionId, SecurityContext caller) {
    JobExecutionInfo execution = history.execution(executionId);
    readable(execution.instanceId(), caller);
    return execution;
  }

  /** What the query finds and the caller may see. */
  public List<JobInstanceInfo> search(InstanceQuery query, SecurityContext caller) {
    if (readsAll(caller)) {
      return history.search(query);
    }
    String name = caller.getUserPrincipal().getName();
    InstanceQuery.Text text = query.text();
    InstanceQuery own =
        new InstanceQuery(
            query.ids(),
            query.created(),
            query.updated(),
            query.states(),
            new InstanceQuery.Text(
                name,
                text.applicationName(),
                text.jobName(),
                text.exitStatus(),
                text.parameters(),
                text.ignoreCase()),
            query.sort(),
            query.offset(),
            query.limit());
    // A name may hold the wildcard, or differ in case only, so what was found is looked at again.
    return history.search(own).stream().filter(instance -> owns(instance, caller)).toList();
  }

  private static boolean readsAll(SecurityContext caller) {
    return caller.isUserInRole(Roles.ADMIN) || caller.isUserInRole(Roles.MONITOR);
  }

  private static boolean owns(JobInstanceInfo instance, SecurityContext caller) {
    return instance.submitter().equals(caller.getUserPrincipal().getName());
  }

  private static PartitaException forbidden(JobInstanceInfo instance) {
    return new PartitaException(
        ErrorCode.FORBIDDEN,
        "job instance " + instance.instanceId() + " belongs to another submitter");
  }
}
