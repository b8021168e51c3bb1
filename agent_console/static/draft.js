// The complaint being written: saved on the server from the first keystroke, kept here only until the server has it.

import { Refused, askHtml, onReachable, post, say } from "./ask.js";
import { hour } from "./clock.js";
import { confirm, drop, forgetConfirmed, isKept, keep, lacking, setAside } from "./kept.js";
import { offerLeftOver } from "./left_over.js";

const PAUSE = 350;
const LONGEST = 2000;
// The form on the screen and how far its saving is. One that has left the screen still sends its last words.
let draft = null;

const fields = ["category", "kind", "place", "place_detail", "text", "complainant_name", "name_hidden", "contact_number", "number_check"];

function begin(form) {
  const known = drawnData(form); // to the server
  return { form, id: form.dataset.draft, known, timer: 0, firstUnsaved: 0, saving: null, again: false, stuck: false };
}

function dataOf(form) {
  const data = new FormData(form);
  return Object.fromEntries(fields.map((name) => [name, data.get(name) || ""]));
}

function isSame(data, other) {
  return JSON.stringify(data) === JSON.stringify(other);
}

function drawnData(form) {
  const drawn = form.cloneNode(true);
  drawn.reset();
  return dataOf(drawn);
}

function show({ form }, state, text) {
  const line = form.querySelector("#saved");
  line.dataset.now = state;
  line.querySelector("span").textContent = text;
}

// `unsaved` on the form keeps it from being drawn anew.
function noteUnsaved(one) {
  one.form.dataset.unsaved = "";
  keep(one.id, Number(one.form.dataset.version), dataOf(one.form));
  show(one, "saving", say("js.saving"));
}

function changed({ target }) {
  if (!draft?.form.contains(target)) return;
  const one = draft;
  target.removeAttribute("aria-invalid");
  if (target.name === "contact_number") one.form.elements.number_check.value = "typed";
  // A field tells its change a second time when it loses the focus, as all do where another tab takes over.
  if (!("unsaved" in one.form.dataset) && isSame(dataOf(one.form), one.known)) return;
  if (target.name === "category" || target.name === "place") showGoesTo(one.form);
  noteUnsaved(one);
  const nowMs = Date.now();
  one.firstUnsaved ||= nowMs;
  // The first keystroke goes at once, so that even one letter outlives a crash.
  const isFirst = one.form.dataset.version === "0" && !one.saving;
  saveIn(one, isFirst ? 0 : Math.min(PAUSE, Math.max(0, one.firstUnsaved + LONGEST - nowMs)));
}

function saveIn(one, ms) {
  clearTimeout(one.timer);
  one.timer = setTimeout(save, ms, one);
}

function save(one) {
  if (one.saving) {
    one.again = true;
    return one.saving;
  }
  one.saving = saveOnce(one).finally(() => {
    one.saving = null;
    if (one.again) {
      one.again = false;
      save(one);
    }
  });
  return one.saving;
}

async function saveOnce(one) {
  if (one.stuck) return;
  clearTimeout(one.timer);
  one.timer = 0;
  one.firstUnsaved = 0;
  const { form } = one;
  const data = dataOf(form);
  try {
    const answer = await post(form.dataset.save, { version: form.dataset.version, data: JSON.stringify(data) });
    form.dataset.version = answer.version;
    one.known = data;
    confirm(one.id, answer.version, data, hour());
    if (one !== draft && !one.again) offerLeftOver(); // what it offered of a form that had left the screen may be saved by now
    if (isSame(dataOf(form), data)) delete form.dataset.unsaved;
    if (!one.timer) show(one, "saved", say("js.saved", { when: hour() }));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 409) return conflict(one, error.answer);
    show(one, "unsaved", say("js.unsaved"));
    if (error.status === 0 || error.status === 401 || error.status >= 500) saveIn(one, 3000);
  }
}

// Somebody saved this draft elsewhere. What is typed here wins, because here somebody is typing: but only once it is said.
function conflict(one, answer) {
  show(one, "unsaved", say("js.changed_elsewhere"));
  if (answer.version !== undefined) {
    one.form.dataset.version = answer.version;
    saveIn(one, 1000);
  } else {
    one.stuck = true;
    // The form loses its focus when it leaves the screen, and tells of a change once more: that is none.
    one.known = dataOf(one.form);
    delete one.form.dataset.unsaved;
    setAside(one.id);
    offerLeftOver();
  }
}

export async function saveNow() {
  const one = draft;
  while (one?.saving) await one.saving;
  if (one?.timer) await save(one);
}

async function showGoesTo(form) {
  const asked = new URLSearchParams({ category: form.elements.category.value, place: form.elements.place.value });
  try {
    form.querySelector("#goes-to").innerHTML = await askHtml(`${form.dataset.goes}?${asked}`);
  } catch {
    // The line at the top says that nothing answers.
  }
}

function fill(form, data) {
  for (const [name, value] of Object.entries(data)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value === "yes";
    else field.value = value;
  }
  showGoesTo(form);
}

// Words that the server never got, or got too late to draw them: of a crash, of a page that was left while it saved.
function takeBack(one) {
  const { form } = one;
  const found = lacking(one.id, Number(form.dataset.version));
  if (found) {
    form.dataset.version = found.version;
    one.known = found.unsaved ? one.known : found.data;
    fill(form, found.data);
    if (!found.unsaved) return show(one, "saved", say("js.saved", { when: found.when }));
  }
  // A quick hand has typed before this script was there to listen.
  if (!found && isSame(dataOf(form), one.known)) return;
  noteUnsaved(one);
  save(one);
}

export function draftOpened() {
  const form = document.getElementById("draft");
  if (draft && form === draft.form) return;
  if (draft?.timer) save(draft);
  const last = draft;
  draft = form && begin(form);
  if (draft) takeBack(draft);
  else forgetConfirmed();
  offerAfter(last);
}

// A form that leaves the screen may only be sending its last words.
async function offerAfter(last) {
  while (last?.saving) await last.saving;
  await offerLeftOver();
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);

// After a click, code that waits for nothing goes on within the form's own event, and browsers ignore a second submit there.
async function submitAgain(one, button) {
  await new Promise((over) => setTimeout(over));
  one.dataset.safe = "yes";
  one.requestSubmit(button?.isConnected ? button : undefined);
}

// What goes on from the words on the screen waits for their last save: registering, a second matter, a caller handed on.
document.addEventListener("submit", async (event) => {
  const one = event.target;
  if (!one.matches("[data-after-save]") || one.dataset.safe) return;
  event.preventDefault();
  event.stopPropagation();
  const button = event.submitter;
  await saveNow();
  await submitAgain(one, button);
  delete one.dataset.safe;
}, { capture: true });

document.addEventListener("acted", (event) => {
  if (!draft || !event.detail.form.matches("[data-register], #discard-draft")) return;
  clearTimeout(draft.timer);
  draft.timer = 0;
  draft.stuck = true;
  drop(draft.id);
  forgetConfirmed();
});

// What stood beside this form has been settled, which the server counts as one more version of it.
document.addEventListener("acted", (event) => {
  const { form, answer } = event.detail;
  if (!draft || !form.matches(`[data-beside-form="${draft.id}"] form`)) return;
  if (answer.version === Number(draft.form.dataset.version) + 1) draft.form.dataset.version = answer.version;
});

document.addEventListener("refused", (event) => {
  if (!event.detail.form.matches("[data-register]")) return;
  const name = event.detail.error.answer.field;
  const field = name && document.getElementById("draft")?.elements[name];
  if (!field) return;
  field.setAttribute("aria-invalid", "true");
  field.focus();
});

// Signing out clears what a shared machine must not keep, once the server has it.
document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-leaves]") || event.target.dataset.safe) return;
  const one = event.target;
  event.preventDefault();
  await saveNow();
  forgetConfirmed();
  await submitAgain(one);
}, { capture: true });

addEventListener("beforeunload", (event) => {
  if (draft?.timer || draft?.saving) event.preventDefault();
});

onReachable((reachable) => {
  if (reachable && draft && isKept(draft.id)) save(draft);
});
