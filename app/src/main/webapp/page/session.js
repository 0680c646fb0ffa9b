// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { get, post } from "./http.js";

// Says only that a sign-in happened in this browser; the session itself is an HttpOnly cookie no script can read.
const REMEMBERED = "partita.signedIn";

/**
 * Who is signed in: { user, roles }, or null. A one-time token in the address's fragment (`/#token`; our own
 * places begin with `#/`) is used up and taken out of the address and the history first.
 */
export async function resume() {
  const fragment = location.hash.slice(1);
  if (fragment && !fragment.startsWith("/") && !document.getElementById(fragment)) {
    history.replaceState(null, "", location.pathname);
    return signIn({ token: fragment });
  }
  return localStorage.getItem(REMEMBERED) ? me() : null;
}

export async function signIn(credentials) {
  await post("/api/sign-in", credentials);
  localStorage.setItem(REMEMBERED, "1");
  return me();
}

export async function signOut() {
  forget();
  await post("/api/sign-out");
}

export function forget() {
  localStorage.removeItem(REMEMBERED);
}

async function me() {
  const answer = await get("/api/me");
  return { user: answer.user ?? answer.name, roles: answer.roles ?? [] };
}

export const maySubmit = (me) => has(me, "batchSubmitter") || has(me, "batchAdmin");

/** A submitter acts on own jobs only. */
export const mayControl = (me, submitter) => has(me, "batchAdmin") || (has(me, "batchSubmitter") && me.user === submitter);

const has = (me, role) => me.roles.includes(role);
