// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, setText } from "../dom.js";
import { percent } from "../format.js";
import { post } from "../http.js";

const TOP = 5;
const EXAMPLE = "a small domesticated carnivorous mammal with soft fur";

/** One sentence in, the likeliest labels out, through the inference protocol that every client uses. */
export class TryModelView {
  constructor() {
    this.model = el("select", { id: "try-model", "aria-label": "Model", hidden: true });
    this.text = el("textarea", { id: "try-text", rows: 3, value: EXAMPLE, maxLength: 4000, onkeydown: (e) => this.submitOnEnter(e) });
    this.button = el("button", { class: "primary" }, "Classify");
    this.problem = el("p", { class: "problem", role: "alert", hidden: true });
    this.took = el("p", { class: "facts" });
    this.answer = el("ol", { class: "labels", id: "try-answer", "aria-live": "polite", "aria-label": "Likeliest labels" });
    this.form = el("form", { onsubmit: (e) => this.ask(e) },
      el("label", { htmlFor: "try-text" }, "A sentence or a definition"), this.text,
      el("div", { class: "row" }, this.model, this.button), this.problem, this.answer, this.took);
    this.node = el("section", { class: "panel try", "aria-label": "Try the model", hidden: true }, el("header", {}, el("h2", {}, "Try it")), this.form);
  }

  /** @param {object[]} versions of all models, the newest of each first */
  setVersions(versions) {
    const names = [...new Set(versions.map((version) => version.model))];
    this.node.hidden = names.length === 0;
    const now = [...this.model.options].map((option) => option.value);
    if (now.join() !== names.join()) this.model.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
    this.model.hidden = names.length < 2;
  }

  submitOnEnter(event) {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  async ask(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text) return;
    this.problem.hidden = true;
    this.button.disabled = true;
    const began = performance.now();
    try {
      const inputs = [{ name: "text", shape: [1], datatype: "BYTES", data: [text] }];
      const outputs = [{ name: "classes" }, { name: "probabilities" }];
      const answer = await post(`/v2/models/${encodeURIComponent(this.model.value)}/infer`, { inputs, outputs });
      const millis = Math.max(1, Math.round(performance.now() - began));
      this.answer.replaceChildren(...labelsOf(answer).slice(0, TOP).map(labelRow));
      setText(this.took, `${answer.model_name} v${answer.model_version} answered in ${millis} ms`);
    } catch (refusal) {
      this.answer.replaceChildren();
      setText(this.took, "");
      setText(this.problem, refusal.message);
      this.problem.hidden = false;
    } finally {
      this.button.disabled = false;
    }
  }
}

function labelRow({ label, probability }) {
  return el("li", {},
    el("span", { class: "name" }, label),
    el("meter", { min: 0, max: 1, value: probability, "aria-label": label }),
    el("span", { class: "number" }, percent(probability)));
}

/** The classes' names (BYTES) beside their probabilities, likeliest first. */
function labelsOf(answer) {
  const of = (type) => answer.outputs.find((output) => output.datatype.startsWith(type)).data.flat(Infinity);
  const probabilities = of("FP");
  return of("BYTES").map((label, i) => ({ label, probability: probabilities[i] })).sort((a, b) => b.probability - a.probability);
}
