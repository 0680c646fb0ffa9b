// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, setAttribute, setText } from "../dom.js";
import { onAnswer } from "../http.js";

/** Whether the server answers, in the page's bar; counts the seconds while it does not. */
export class ConnectionView {
  constructor(node) {
    this.node = node;
    this.text = el("span", { role: "status" });
    this.seconds = el("span");
    node.append(el("i", { class: "lamp" }), this.text, this.seconds);
    this.clear();
    onAnswer((outcome) => this.set(outcome !== "unreachable"));
    setInterval(() => this.known && this.show(), 1000);
  }

  /** The event stream says "retrying" sooner than the next request would fail. */
  stream(state) {
    this.streaming = state === "open";
    this.set(this.streaming);
  }

  set(answers) {
    this.known = true;
    if (answers && this.streaming) this.lostAt = null;
    else this.lostAt ??= Date.now();
    this.show();
  }

  show() {
    setAttribute(this.node, "data-state", this.lostAt ? "lost" : "live");
    setText(this.text, this.lostAt ? "connection lost, retrying" : "live");
    // Outside the status region: a listener need not hear every second.
    setText(this.seconds, this.lostAt ? ` · ${Math.round((Date.now() - this.lostAt) / 1000)} s` : "");
  }

  clear() {
    this.known = false;
    this.streaming = true;
    this.lostAt = null;
    this.node.removeAttribute("data-state");
    setText(this.text, "");
    setText(this.seconds, "");
  }
}
