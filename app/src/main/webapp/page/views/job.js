// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, setText } from "../dom.js";
import { isActive, moment, state } from "../format.js";
import { get } from "../http.js";
import { followJob } from "../job-events.js";
import { fold, newJobState } from "../job-state.js";
import { CurvesView } from "./curves.js";
import { JobHeadView } from "./job-head.js";
import { milestones } from "./milestones.js";
import { PredictionsView } from "./predictions.js";
import { StepsView } from "./steps.js";

const REDRAW_MILLIS = 200;

/** The selected job, live. Another job is another view; {@link close} ends this one. */
export class JobView {
  /** @param {{ announce: (text: string) => void, stream: (state: string) => void, changed: () => void }} hooks */
  constructor(node, instance, me, hooks) {
    this.hooks = hooks;
    this.instance = instance;
    this.job = newJobState();
    this.head = new JobHeadView(me, hooks.changed);
    this.steps = new StepsView();
    this.curves = new CurvesView();
    this.predictions = new PredictionsView(instance.instanceId);
    this.parameters = el("dl", { class: "parameters" });
    this.lines = el("pre", { class: "log", tabIndex: 0, "aria-label": "Log lines" });
    this.log = el("details", { class: "panel fold", hidden: true, ontoggle: () => this.showLog() }, el("summary", {}, "Log"), this.lines);
    const parameters = el("details", { class: "panel fold" }, el("summary", {}, "Parameters"), this.parameters);
    node.replaceChildren(this.head.node, this.steps.node, this.predictions.node, this.curves.node, parameters, this.log);
    this.newMilestones = milestones();
    this.redraw = 0;
    this.unfollow = followJob(instance.instanceId, { event: (e) => this.take(e), state: (s) => this.streamed(s) });
    this.lostAt = null;
    this.clock = setInterval(() => this.tick(), 1000);
    this.loadParameters();
    this.show();
  }

  /** The list's word on this job: it knows states that never made an event. */
  refresh(instance) {
    this.instance = instance;
    this.head.update(instance, this.job);
  }

  streamed(state) {
    this.lostAt = state === "open" ? null : this.lostAt ?? Date.now();
    this.tick();
    this.hooks.stream(state);
  }

  /** While the server is away, the curves of a running job show for how long. */
  tick() {
    this.head.update(this.instance, this.job);
    const lost = this.lostAt && isActive(this.job.status) ? (Date.now() - this.lostAt) / 1000 : 0;
    const away = lost < 1 ? 0 : lost;
    if (away === this.job.awaySeconds) return;
    this.job.awaySeconds = away;
    this.curves.update(this.job);
  }

  /** Any number of events make five redraws a second: the server may run on the same two cores. */
  take(event) {
    fold(this.job, event);
    if (event.type === "job") this.hooks.changed();
    this.redraw ||= setTimeout(() => {
      this.redraw = 0;
      this.show();
    }, REDRAW_MILLIS);
  }

  show() {
    this.head.update(this.instance, this.job);
    document.title = `${this.instance.jobName ?? "job"} ${state(this.job.status || this.instance.batchStatus)} · Partita`;
    this.steps.update(this.job);
    this.curves.update(this.job);
    this.predictions.update(this.job);
    this.showLog();
    const said = this.newMilestones(this.instance, this.job);
    if (said) this.hooks.announce(said);
  }

  showLog() {
    this.log.hidden = this.job.log.length === 0;
    if (!this.log.open) return;
    const atEnd = this.lines.scrollTop + this.lines.clientHeight >= this.lines.scrollHeight - 8;
    setText(this.lines, this.job.log.map((line) => `${moment(line.time)}  ${line.text}`).join("\n"));
    if (atEnd) this.lines.scrollTop = this.lines.scrollHeight;
  }

  async loadParameters() {
    try {
      const executions = await get(`/ibm/api/batch/jobinstances/${this.instance.instanceId}/jobexecutions`);
      const given = Object.entries(executions.find((execution) => execution.jobParameters)?.jobParameters ?? {});
      const rows = given.length ? given : [["all", "the job's own defaults"]];
      this.parameters.replaceChildren(...rows.flatMap(([key, value]) => [el("dt", {}, key), el("dd", {}, String(value))]));
    } catch (refusal) {
      this.parameters.replaceChildren(el("dt", {}, "not known"), el("dd", {}, refusal.message));
    }
  }

  close() {
    this.unfollow();
    this.curves.close();
    this.predictions.close();
    clearInterval(this.clock);
    clearTimeout(this.redraw);
  }
}
