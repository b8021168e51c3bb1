// The complaint being written: saved on the server from the first keystroke, kept here only until the server has it.

import { Refused, askHtml, onReachable, post, say } from "./ask.js";
import { hour } from "./clock.js";

const PAUSE = 350;
const LONGEST = 2000;
let form = null;
let timer = 0;
let firstUnsaved = 0;
let saving = null;
let again = false;
let stuck = false;

const fields = ["category", "kind", "place", "place_detail", "text", "complainant_name", "name_hidden", "contact_number", "number_check"];

function dataOf(one) {
  const data = new FormData(one);
  return Object.fromEntries(fields.map((name) => [name, data.get(name) || ""]));
}

function shelf(one) {
  return `draft:${one.dataset.draft}`;
}

function show(state, text) {
  const line = form?.querySelector("#saved");
  if (!line) return;
  line.dataset.now = state;
  line.querySelector("span").textContent = text;
}

function changed(event) {
  if (!form || !form.contains(event.target)) return;
  event.target.removeAttribute("aria-invalid");
  if (event.target.name === "contact_number") form.elements.number_check.value = "typed";
  if (event.target.name === "category" || event.target.name === "place") showGoesTo();
  keepHere();
  show("saving", say("js.saving"));
  const nowMs = Date.now();
  firstUnsaved ||= nowMs;
  clearTimeout(timer);
  // The first keystroke goes at once, so that even one letter outlives a crash.
  const wait = form.dataset.version === "0" && !saving ? 0 : Math.min(PAUSE, Math.max(0, firstUnsaved + LONGEST - nowMs));
  timer = setTimeout(save, wait);
}

function keepHere() {
  try {
    localStorage.setItem(shelf(form), JSON.stringify({ based: Number(form.dataset.version), data: dataOf(form) }));
  } catch {
    // A full or forbidden store: the server's copy is the one that counts.
  }
}

function save() {
  if (saving) {
    again = true;
    return saving;
  }
  saving = saveOnce(form).finally(() => {
    saving = null;
    if (again) {
      again = false;
      save();
    }
  });
  return saving;
}

async function saveOnce(one) {
  if (!one || stuck) return;
  clearTimeout(timer);
  timer = 0;
  firstUnsaved = 0;
  const sent = JSON.stringify(dataOf(one));
  try {
    const answer = await post(one.dataset.save, { version: one.dataset.version, data: sent });
    one.dataset.version = answer.version;
    if (JSON.stringify(dataOf(one)) === sent) localStorage.removeItem(shelf(one));
    if (one === form && !timer) show("saved", say("js.saved", { when: hour() }));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (one !== form) return;
    if (error.status === 409) return conflict(error.answer);
    show("unsaved", say("js.unsaved"));
    if (error.status === 0 || error.status >= 500) timer = setTimeout(save, 3000);
  }
}

// Somebody saved this draft elsewhere. What is typed here wins, because here somebody is typing: but only once it is said.
function conflict(answer) {
  show("unsaved", say("js.changed_elsewhere"));
  if (answer.version !== undefined) {
    form.dataset.version = answer.version;
    timer = setTimeout(save, 1000);
  } else {
    stuck = true;
  }
}

export async function saveNow() {
  if (!form || (!timer && !saving)) return;
  if (saving) await saving;
  if (timer) await save();
}

async function showGoesTo() {
  const one = form;
  const asked = new URLSearchParams({ category: one.elements.category.value, place: one.elements.place.value });
  try {
    one.querySelector("#goes-to").innerHTML = await askHtml(`${one.dataset.goes}?${asked}`);
  } catch {
    // The line at the top says that nothing answers.
  }
}

// A crash may have left words here that the server never got.
function takeBack() {
  const kept = localStorage.getItem(shelf(form));
  if (!kept) return;
  const { based, data } = JSON.parse(kept);
  // Words stay here until the server has confirmed them. One save may have arrived while its answer was lost with the
  // page, and still be older than these words; of a later version others have made more since.
  if (Number(form.dataset.version) > based + 1) {
    localStorage.removeItem(shelf(form));
    return;
  }
  for (const [name, value] of Object.entries(data)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value === "yes";
    else field.value = value;
  }
  save();
}

export function draftOpened() {
  const found = document.getElementById("draft");
  if (found === form) return;
  form = found;
  stuck = false;
  clearTimeout(timer);
  timer = 0;
  if (form) takeBack();
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);

// After a click, code that waits for nothing goes on within the form's own event, and browsers ignore a second submit there.
async function submitAgain(one) {
  await new Promise((over) => setTimeout(over));
  one.dataset.safe = "yes";
  one.requestSubmit();
}

// Registering waits for the last save, so that the server registers exactly what is on the screen.
document.addEventListener("submit", async (event) => {
  const one = event.target;
  if (!one.matches("[data-register]") || one.dataset.safe) return;
  event.preventDefault();
  event.stopPropagation();
  await saveNow();
  await submitAgain(one);
  delete one.dataset.safe;
}, { capture: true });

document.addEventListener("acted", (event) => {
  if (event.detail.form.matches("[data-register]") && form) localStorage.removeItem(shelf(form));
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
  await submitAgain(one);
}, { capture: true });

addEventListener("beforeunload", (event) => {
  if (timer || saving) event.preventDefault();
});

onReachable((reachable) => {
  if (reachable && form && localStorage.getItem(shelf(form))) save();
});
