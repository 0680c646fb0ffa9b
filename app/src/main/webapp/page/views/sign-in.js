// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, setText } from "../dom.js";
import { signIn } from "../session.js";

/** Name and password, for those who did not come by a one-time link. */
export class SignInView {
  /** @param {(me: { user: string, roles: string[] }) => void} onSignedIn */
  constructor(node, onSignedIn) {
    this.node = node;
    this.onSignedIn = onSignedIn;
    this.user = el("input", { id: "user", name: "username", autocomplete: "username", autocapitalize: "none", spellcheck: false, required: true });
    this.password = el("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true });
    this.problem = el("p", { class: "problem", role: "alert", hidden: true });
    this.button = el("button", { class: "primary" }, "Sign in");
    this.form = el("form", { class: "panel sign-in", onsubmit: (e) => this.submit(e) },
      el("h2", {}, "Sign in"),
      el("p", { class: "facts" }, "Open the one-time link the server printed, or use a name and password: the first start wrote them to ",
        el("code", {}, "partita-credentials.json"), " in the server’s output directory."),
      el("label", { htmlFor: "user" }, "Name"), this.user,
      el("label", { htmlFor: "password" }, "Password"), this.password,
      this.problem, this.button);
  }

  show(message) {
    this.node.replaceChildren(this.form);
    this.node.hidden = false;
    this.tell(message);
    this.user.focus();
  }

  hide() {
    this.node.replaceChildren();
    this.node.hidden = true;
    this.password.value = "";
  }

  tell(message) {
    setText(this.problem, message ?? "");
    this.problem.hidden = !message;
  }

  async submit(event) {
    event.preventDefault();
    this.button.disabled = true;
    this.tell(null);
    try {
      this.onSignedIn(await signIn({ user: this.user.value, password: this.password.value }));
    } catch (refusal) {
      this.tell(refusal.status === 401 ? "Name or password is wrong." : refusal.message);
      this.password.select();
    } finally {
      this.button.disabled = false;
    }
  }
}
