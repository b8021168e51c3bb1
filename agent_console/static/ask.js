// One way to ask the server: with the token, with plain words when it fails, and with a true sign of whether it answers.

const words = JSON.parse(document.getElementById("words").textContent);
const body = document.body;
// Why the server does nothing for this page, as a key of the words; empty while it does.
let trouble = "";
const listeners = new Set();

export function say(key, blanks = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in blanks ? blanks[name] : whole));
}

export function onReachable(listener) {
  listeners.add(listener);
}

export function troubleNow() {
  return trouble;
}

function note(now) {
  if (now === trouble) return;
  trouble = now;
  listeners.forEach((listener) => listener(!now));
}

// A refusal carries the server's own words; `status` 0 means that no answer came.
export class Refused extends Error {
  constructor(text, status, answer = {}) {
    super(text);
    this.status = status;
    this.answer = answer;
  }
}

async function fetchWith(url, options) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...options });
  } catch {
    note("js.no_answer");
    throw new Refused(say("js.no_answer"), 0);
  }
  note(answer.status >= 502 ? "js.no_answer" : answer.status === 401 ? "js.signed_out" : "");
  return answer;
}

async function refuse(answer) {
  let told = {};
  if ((answer.headers.get("content-type") || "").includes("json")) told = await answer.json();
  if (answer.status === 401) throw new Refused(say("js.signed_out"), 401, told);
  throw new Refused(told.error || say("js.failed"), answer.status, told);
}

export async function askHtml(url) {
  const answer = await fetchWith(url, { headers: { "X-Requested-With": "desk" } });
  if (!answer.ok) await refuse(answer);
  return answer.text();
}

export async function askJson(url) {
  const answer = await fetchWith(url, { headers: { Accept: "application/json", "X-Requested-With": "desk" } });
  if (!answer.ok) await refuse(answer);
  return answer.json();
}

function send(url, form, options) {
  const headers = { Accept: "application/json", "X-Requested-With": "desk", "X-CSRFToken": body.dataset.token };
  if (form.has("csrf_token")) form.set("csrf_token", body.dataset.token);
  return fetchWith(url, { method: "POST", body: form, headers, ...options });
}

// The session had ended, and the same person has signed in again in another tab: this page goes on with the token of now.
async function isRenewed(answer) {
  if (answer.status !== 400) return false;
  const told = await answer.clone().json().catch(() => ({}));
  if (!told.token || told.who !== body.dataset.who) return false;
  body.dataset.token = told.token;
  return true;
}

export async function post(url, data, options = {}) {
  const form = data instanceof FormData ? data : new URLSearchParams(data || {});
  let answer = await send(url, form, options);
  if (await isRenewed(answer)) answer = await send(url, form, options);
  if (!answer.ok) await refuse(answer);
  return answer.json();
}
