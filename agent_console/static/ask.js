// One way to ask the server: with the token, with plain words when it fails, and with a true sign of whether it answers.

const words = JSON.parse(document.getElementById("words").textContent);
const body = document.body;
let reachable = true;
const listeners = new Set();

export function say(key, blanks = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in blanks ? blanks[name] : whole));
}

export function onReachable(listener) {
  listeners.add(listener);
}

export function isReachable() {
  return reachable;
}

function noteReachable(now) {
  if (now === reachable) return;
  reachable = now;
  listeners.forEach((listener) => listener(now));
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
    noteReachable(false);
    throw new Refused(say("js.no_answer"), 0);
  }
  noteReachable(answer.status < 502);
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

export async function post(url, data, options = {}) {
  const form = data instanceof FormData ? data : new URLSearchParams(data || {});
  const headers = { Accept: "application/json", "X-Requested-With": "desk", "X-CSRFToken": body.dataset.token };
  const answer = await fetchWith(url, { method: "POST", body: form, headers, ...options });
  if (!answer.ok) await refuse(answer);
  return answer.json();
}
