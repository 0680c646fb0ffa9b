// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, setAttribute, setText } from "../dom.js";
import * as format from "../format.js";
import { put } from "../http.js";
import { mayControl } from "../session.js";

/** Name, state, the facts in one line, and what one may do: stop or restart. */
export class JobHeadView {
  /** @param {() => void} onChanged called after an action was taken */
  constructor(me, onChanged) {
    this.me = me;
    this.onChanged = onChanged;
    this.name = el("span");
    this.id = el("span", { class: "id" });
    this.state = el("span");
    this.facts = el("p", { class: "facts" });
    this.problem = el("p", { class: "problem", role: "alert", hidden: true });
    this.reason = el("p", { class: "problem", id: "reason", hidden: true });
    this.stop = el("button", { id: "stop", onclick: () => this.act("stop", this.stop) }, "Stop");
    this.restart = el("button", { id: "restart", onclick: () => this.act("restart", this.restart) }, "Restart");
    this.node = el("header", { class: "job-head" },
      el("h2", {}, this.name, this.id), this.state, el("span", { class: "actions" }, this.stop, this.restart), this.facts, this.reason, this.problem);
  }

  update(instance, job) {
    this.instance = instance;
    const status = job.status || instance.batchStatus || "";
    const allowed = mayControl(this.me, instance.submitter);
    setText(this.name, instance.jobName || "job");
    setText(this.id, `#${instance.instanceId}`);
    setText(this.state, format.state(status));
    setAttribute(this.state, "class", `state big ${status}`);
    this.stop.hidden = !(allowed && format.isActive(status));
    this.stop.disabled = this.acting || status === "STOPPING";
    this.restart.hidden = !(allowed && (status === "STOPPED" || status === "FAILED"));
    this.restart.disabled = this.acting;
    setText(this.reason, job.reason);
    this.reason.hidden = !job.reason;
    setText(this.facts, facts(instance, job, status).join(" · "));
  }

  async act(action, button) {
    this.acting = true;
    button.disabled = true;
    this.problem.hidden = true;
    try {
      const query = action === "restart" ? "action=restart&reusePreviousParams=true" : "action=stop";
      await put(`/ibm/api/batch/jobinstances/${this.instance.instanceId}?${query}`);
    } catch (refusal) {
      setText(this.problem, `The ${action} was refused: ${refusal.message}`);
      this.problem.hidden = false;
    } finally {
      this.acting = false;
      button.disabled = false;
      this.onChanged();
    }
  }
}

function facts(instance, job, status) {
  const { startedAt, lastAt, exitStatus, checkpoints, gaps } = job;
  const active = format.isActive(status);
  const said = [];
  if (instance.submitter) said.push(`by ${instance.submitter}`);
  if (startedAt) {
    const seconds = (active ? Math.max(Date.now() / 1000, lastAt) : lastAt) - startedAt;
    said.push(`started ${format.instant(startedAt * 1000)}`, `${active ? "running for" : "took"} ${format.duration(seconds)}`);
  }
  const saved = checkpoints.at(-1);
  if (saved) said.push(`checkpoint at iteration ${format.count(saved.x)}`);
  const kills = gaps.filter((gap) => gap.resumed && gap.reason === "killed").length;
  if (kills) said.push(`survived ${kills} ${kills === 1 ? "kill" : "kills"}`);
  if (!active && exitStatus && exitStatus !== status) said.push(`exit status ${exitStatus}`);
  return said;
}
