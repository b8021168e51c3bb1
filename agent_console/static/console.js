// What every staff page does: keep its parts fresh, its clocks running, its forms quiet, its keys working.

import { showAlive } from "./alive.js";
import { Refused, onReachable, post, say, troubleNow } from "./ask.js";
import { clock, now } from "./clock.js";
import { drawInTurn, isForAll } from "./for_all.js";
import { askBeforeLeaving } from "./leaving.js";
import { showWholeLine } from "./line.js";
import { isStreamed, listen } from "./news.js";
import "./notice.js";
import { onRedrawn, refresh } from "./parts.js";

const BY_KIND = {
  offer: ["facts", "call", "caller", "work", "board"],
  offer_over: ["facts", "call", "caller", "board"],
  presence: ["facts", "call", "caller", "work", "board"],
  queue: ["facts", "board"],
  talk: ["facts", "call", "caller", "work", "board", "beside"],
  caller_gone: ["facts", "call", "caller", "board"],
  message: ["message"],
  bridge: ["bridge"],
  help: ["call", "board"],
  call_back: ["nav", "caller", "list", "work-list"],
  notice: ["told"],
  day_message: ["told"],
  listening: ["call", "board", "beside"],
  voice_message: ["nav", "caller", "list", "work-list"],
  draft: ["nav", "caller", "work", "work-list"],
};

// Parts that the stream's own telling of the line keeps fresh.
const TOLD_BY_STREAM = { queue: "facts", call_back: "nav", voice_message: "nav" };

export function inField(target) {
  return target instanceof Element && !!target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

export function tell(text) {
  const line = document.getElementById("said");
  line.querySelector("span").textContent = text;
  line.hidden = !text;
}

// What was done, for a moment; whoever listens hears it too.
export function toast(text) {
  const line = document.getElementById("done-line");
  if (!line) return;
  line.querySelector("span").textContent = text;
  line.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (line.hidden = true), 6000);
}

function tick() {
  for (const timer of document.querySelectorAll(".timer[data-since]")) timer.textContent = clock(now() - timer.dataset.since);
  for (const timer of document.querySelectorAll(".timer[data-until]")) timer.textContent = clock(timer.dataset.until - now());
  for (const bar of document.querySelectorAll("progress[data-until]")) bar.value = Math.max(0, bar.dataset.until - now());
}

async function act(form, button) {
  const data = new FormData(form, button?.name ? button : undefined);
  const pressed = [...form.elements].filter((one) => one instanceof HTMLButtonElement && !one.disabled);
  pressed.forEach((one) => (one.disabled = true));
  tell("");
  try {
    const answer = await post(button?.getAttribute("formaction") || form.action, data);
    // From the document: news may have redrawn the part meanwhile, and an event of a form that is gone reaches nobody.
    document.dispatchEvent(new CustomEvent("acted", { detail: { form, answer } }));
    if (answer.said) toast(answer.said);
    if (answer.go) location.assign(answer.go);
    else await refresh();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(error.message);
    point(form, error.answer.field);
    document.dispatchEvent(new CustomEvent("refused", { detail: { form, error } }));
    if (error.status === 409) await refresh();
  } finally {
    pressed.forEach((one) => (one.disabled = false));
  }
}

// The words of a refusal are the server's, in the language of the screen; here its field is shown.
function point(form, name) {
  const field = name && form.isConnected && form.elements[name];
  if (!field) return;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

document.addEventListener("input", (event) => event.target.removeAttribute?.("aria-invalid"));

// A first press asks, a second one within four seconds does it: no dialog stands in the way.
export function sure(form, button) {
  if (!form.dataset.ask || form.dataset.asked) return true;
  form.dataset.asked = "yes";
  const shown = button || document.querySelector(`[form="${form.id}"]`);
  const before = shown.textContent;
  shown.textContent = form.dataset.ask;
  setTimeout(() => {
    delete form.dataset.asked;
    shown.textContent = before;
  }, 4000);
  return false;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-act]")) return;
  event.preventDefault();
  if (sure(form, event.submitter)) act(form, event.submitter);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
  if (event.target.closest("#said button")) tell("");
  if (event.target.closest("#help-open")) document.getElementById("help").showModal();
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// An event of a sound does not bubble: it is caught on the way down.
document.addEventListener("error", (event) => {
  if (event.target instanceof HTMLAudioElement) tell(event.target.dataset.fault);
}, { capture: true });

// What had the focus is folded away with it, so its summary gets it.
function fold(menu) {
  if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  menu.open = false;
}

document.addEventListener("keydown", (event) => {
  if (event.code === "Escape") document.querySelectorAll("details.menu[open]").forEach(fold);
  if (event.code === "F2" && !event.shiftKey) {
    const link = document.querySelector("[data-answer-link]");
    if (link) {
      event.preventDefault();
      link.click();
    }
  }
  const asksHelp = event.shiftKey || event.key === "?";
  if (event.code !== "Slash" || event.ctrlKey || event.altKey || event.metaKey || inField(event.target)) return;
  event.preventDefault();
  if (asksHelp) document.getElementById("help").showModal();
  else document.getElementById("search")?.focus();
});

function showLine() {
  const line = document.getElementById("offline");
  const trouble = troubleNow();
  if (trouble) line.querySelector("span").textContent = say(trouble);
  line.hidden = !trouble;
}

askBeforeLeaving(tell);
onReachable((reachable) => {
  showLine();
  if (reachable) refresh();
});

let soon = 0;
const wanted = new Set();
function draw() {
  clearTimeout(soon);
  soon = 0;
  const asked = wanted.has("*") ? [] : [...wanted];
  if (wanted.size) refresh(...asked);
  wanted.clear();
}

function partsOf(news) {
  if (news.kind === "opened") return ["*"];
  const names = BY_KIND[news.kind] || [];
  return news.isStreamed ? names.filter((name) => name !== TOLD_BY_STREAM[news.kind]) : names;
}

listen((news) => {
  document.dispatchEvent(new CustomEvent("news", { detail: news }));
  const names = partsOf(news);
  if (isForAll(news)) {
    drawInTurn(names);
    return;
  }
  names.forEach((name) => wanted.add(name));
  clearTimeout(soon);
  soon = setTimeout(draw, 40);
}, showWholeLine);

// The desk itself gives its own sign of life; on the pages beside it, this keeps the person on duty.
if ("onDuty" in document.body.dataset && !document.getElementById("call-column")) {
  const alive = () => showAlive({}).catch(() => undefined);
  setInterval(alive, 10000);
  alive();
}

onRedrawn(tick);
setInterval(tick, 500);
// What is in the bar, but for the weeks that somebody has to agree to, the stream tells once a minute without news, too.
setInterval(() => (isStreamed() ? "agrees" in document.body.dataset && refresh("nav") : refresh("facts", "nav")), 60000);
// Of cases no news comes by itself: whoever looks at them asks for their counts, and for what happened to an open one.
setInterval(() => document.hidden || refresh("boxes", "case-news"), 60000);
tick();
