// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

import { el, setText } from "./dom.js";
import { isActive } from "./format.js";
import { onAnswer } from "./http.js";
import { forget, maySubmit, resume, signOut } from "./session.js";
import { ActorsView, NodesView, TasksView } from "./views/cluster.js";
import { ConnectionView } from "./views/connection.js";
import { JobListView } from "./views/job-list.js";
import { JobView } from "./views/job.js";
import { ModelsView } from "./views/models.js";
import { SignInView } from "./views/sign-in.js";
import { SubmitJobView } from "./views/submit-job.js";
import { TryModelView } from "./views/try-model.js";

const BUSY_MILLIS = 1500;
const IDLE_MILLIS = 5000;

const at = (id) => document.getElementById(id);
const connection = new ConnectionView(at("connection"));
const signInView = new SignInView(at("sign-in"), enter);
const tryModel = new TryModelView();
const models = new ModelsView((versions) => tryModel.setVersions(versions));
const cluster = [new NodesView(), new TasksView(), new ActorsView()];
const submitJob = new SubmitJobView((instance) => {
  location.hash = `#/jobs/${instance.instanceId}`;
  refreshSoon(0);
});
const list = new JobListView(at("jobs"), { onNew: () => submitJob.open(), onJobs: onJobs });

let me = null;
let jobView = null;
let timer = 0;

at("models").append(models.node, tryModel.node, ...cluster.map((view) => view.node));
document.body.append(submitJob.node);
at("skip").addEventListener("click", (event) => {
  event.preventDefault();
  at("job").focus();
});
addEventListener("hashchange", () => me && openSelected());
document.addEventListener("visibilitychange", () => me && !document.hidden && refreshSoon(0));
onAnswer((outcome) => outcome === "signed-out" && me && leave("Your session has ended."));
start();

async function start() {
  try {
    const known = await resume();
    if (known) enter(known);
    else signInView.show();
  } catch (refusal) {
    forget();
    signInView.show(refusal.status === 401 || refusal.status === 400 ? "This sign-in link or session is no longer valid." : refusal.message);
  }
}

function enter(known) {
  me = known;
  signInView.hide();
  at("board").hidden = false;
  list.button.hidden = !maySubmit(me);
  at("account").replaceChildren(
    el("span", { title: me.roles.join(", ") }, me.user),
    el("button", { class: "plain", onclick: () => signOut().catch(() => {}).finally(() => leave()) }, "Sign out"));
  refresh();
}

function leave(message) {
  forget();
  me = null;
  clearTimeout(timer);
  jobView?.close();
  jobView = null;
  document.title = "Partita";
  at("job").replaceChildren();
  at("board").hidden = true;
  at("account").replaceChildren();
  connection.clear();
  signInView.show(message);
}

async function refresh() {
  try {
    await list.refresh();
    await models.refresh();
    await Promise.all(cluster.map((view) => view.refresh()));
  } catch (refusal) {
    // The bar shows that the server is away; the next round tries again.
    if (refusal.status === undefined) throw refusal;
  } finally {
    if (me) refreshSoon(document.hidden ? IDLE_MILLIS : list.jobs.some((job) => isActive(job.batchStatus)) ? BUSY_MILLIS : IDLE_MILLIS);
  }
}

function refreshSoon(millis) {
  clearTimeout(timer);
  timer = setTimeout(refresh, millis);
}

function onJobs(jobs) {
  const shown = jobView && jobs.find((job) => job.instanceId === jobView.instance.instanceId);
  if (shown) jobView.refresh(shown);
  openSelected();
}

/** Shows the job the address names, else the newest one. */
function openSelected() {
  const named = /^#\/jobs\/(\d+)$/.exec(location.hash)?.[1];
  const instance = named ? list.jobs.find((job) => String(job.instanceId) === named) ?? (named && list.jobs.length ? { instanceId: Number(named) } : null) : list.jobs[0];
  if (!instance) {
    if (!jobView) at("job").replaceChildren(el("p", { class: "empty" }, "No job has run yet. “New job” starts one."));
    return;
  }
  list.select(instance.instanceId);
  if (jobView?.instance.instanceId === instance.instanceId) return;
  jobView?.close();
  jobView = new JobView(at("job"), instance, me, { announce: (text) => setText(at("announcer"), text), stream: (state) => connection.stream(state), changed: () => refreshSoon(100) });
}
