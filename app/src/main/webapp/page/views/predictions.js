// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, setText } from "../dom.js";
import { count } from "../format.js";
import { get } from "../http.js";

const EVERY_MILLIS = 2000;

/** Before the first chunk there is nothing to count, and in a job that failed before there never will be. */
const hasBegun = (step) => step !== undefined && [...step.partitions.values()].some((partition) => partition.done > 0);

/** What a classifying job has written so far: counted in the database, so that a duplicate or a loss would show. */
export class PredictionsView {
  constructor(instanceId) {
    this.instanceId = instanceId;
    this.askedVersion = -1;
    this.timer = 0;
    this.text = el("p", { class: "tally" });
    this.node = el("section", { class: "panel", "aria-label": "Predictions", hidden: true }, this.text);
  }

  /** Asks at most every two seconds, and once more after the last event. */
  update(job) {
    if (!hasBegun(job.steps.get("classify")) || this.timer || job.version === this.askedVersion) return;
    this.askedVersion = job.version;
    this.ask();
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.update(job);
    }, EVERY_MILLIS);
  }

  async ask() {
    try {
      const sum = await get(`/api/predictions/${this.instanceId}/summary`);
      const facts = [`${count(sum.total)}${sum.expected ? ` of ${count(sum.expected)}` : ""} predictions committed`, `${count(sum.duplicates)} duplicates`];
      if (sum.expected && sum.total >= sum.expected) facts.push(`${count(sum.lost)} lost`);
      setText(this.text, facts.join(" · "));
      this.node.hidden = false;
    } catch (refusal) {
      // Not yet known, or the server is away: the bar says the latter, and the next event asks again.
      if (refusal.status === undefined) throw refusal;
    }
  }

  close() {
    clearTimeout(this.timer);
  }
}
