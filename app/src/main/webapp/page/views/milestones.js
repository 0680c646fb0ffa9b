// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { duration, state } from "../format.js";
import { totals } from "../job-state.js";

/**
 * For those who listen instead of look: a function that says what is new of a job (its state, a kill survived,
 * each quarter of a step), or "" when nothing worth a sentence is. What was already so at first sight is not said.
 */
export function milestones() {
  const said = new Map();
  let first = true;
  return (instance, job) => {
    const fresh = [];
    const say = (key, value, text) => {
      if (said.get(key) === value) return;
      said.set(key, value);
      fresh.push(text);
    };
    if (job.status) say("job", job.status, `${instance.jobName} ${state(job.status)}`);
    const gap = job.gaps.at(-1);
    if (gap?.resumed) say("gap", job.gaps.length, `${gap.reason}, back after ${duration(gap.to - gap.from)}`);
    for (const step of job.steps.values()) {
      const { done, total } = totals(step);
      const quarter = total ? Math.floor((4 * done) / total) : 0;
      if (quarter) say(`step ${step.name}`, quarter, `${step.name} ${quarter * 25} percent`);
    }
    const news = first ? "" : fresh.join(", ");
    if (job.version) first = false;
    return news;
  };
}
