// Words that stayed in this browser while the line to the server was lost are offered to who typed them, once their form
// is not on this page any more; and what a colleague's browser had of a form stands beside it, to be taken in.

import { Refused, onReachable, post } from "./ask.js";
import { sure, toast } from "./console.js";
import { leftOver, throwAway, tidy } from "./kept.js";
import { isHeld, onHeld } from "./one_tab.js";
import { onRedrawn } from "./parts.js";

let offered = null; // { one, html }
let asking = false;

function find(selector) {
  return document.querySelector(selector);
}

function shownForm() {
  return find("#draft")?.dataset.draft;
}

// The oldest first. What form or complaint hold by now is dropped without a word.
export async function offerLeftOver() {
  const [one] = isHeld() ? leftOver(shownForm()).sort((a, b) => a.at - b.at) : [];
  if (asking || offered?.one.key === one?.key) return show();
  offered = null;
  if (!one) return show();
  asking = true;
  try {
    const { html } = await post(`/desk/drafts/${one.id}/left-over/look`, { data: JSON.stringify(one.data), at: one.at });
    if (html) offered = { one, html };
    else throwAway(one);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return show(); // asked again as soon as the server answers
  } finally {
    asking = false;
  }
  if (offered) show();
  else await offerLeftOver();
}

function show() {
  const place = find("#left-over");
  place.hidden = !offered;
  if (place.hidden) return place.replaceChildren();
  if (place.dataset.key === offered.one.key) return;
  place.dataset.key = offered.one.key;
  place.innerHTML = offered.html;
  const { elements } = place.querySelector("[data-left-put]");
  elements.data.value = JSON.stringify(offered.one.data);
  elements.at.value = offered.one.at;
}

// Where the desk has gone to another tab meanwhile, nothing is offered here any more.
function done() {
  if (offered) throwAway(offered.one);
  offerLeftOver();
}

document.addEventListener("acted", (event) => event.detail.form.matches("[data-left-put]") && done());

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-left-throw]")) return;
  event.preventDefault();
  if (sure(event.target, event.submitter)) done();
});

document.addEventListener("click", async (event) => {
  if (!event.target.closest("#left-copy")) return;
  const words = find("#left-words");
  getSelection().selectAllChildren(words); // where the clipboard is closed to us, Ctrl+C does the rest
  await navigator.clipboard.writeText(words.textContent).then(() => toast(find("#left-copy").dataset.done), () => undefined);
});

// Below what stands in the text, as if typed: Ctrl+Z takes it back. Only then is it settled with the server.
export function onTakeIn(showForm, saveNow) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-take-in]") || form.dataset.taken) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const card = form.closest("[data-beside-form]");
    if (shownForm() !== card.dataset.besideForm) await showForm(card.dataset.besideForm);
    if (shownForm() !== card.dataset.besideForm) return;
    append(find("#text"), card.querySelector(".said").textContent);
    form.dataset.taken = "yes";
    await saveNow();
    form.requestSubmit();
  }, { capture: true });
}

function append(field, words) {
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  document.execCommand("insertText", false, field.value ? `\n${words}` : words);
}

onRedrawn((part) => part.dataset.part === "caller" && show());
onHeld((held) => held && offerLeftOver());
onReachable((reachable) => reachable && offerLeftOver());
tidy();
