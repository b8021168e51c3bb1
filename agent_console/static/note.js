// What is written in wrap-up waits in the tab until it is sent: a reload loses no letter of it.

import { onRedrawn } from "./parts.js";

const KEPT = "wrap-up";

function find(selector) {
  return document.querySelector(selector);
}

function talk() {
  return find("#call-column [data-key]").dataset.key;
}

function forget() {
  sessionStorage.removeItem(KEPT);
}

function takeBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT));
  const form = find("#wrap-form");
  if (!kept) return;
  if (!form || kept.talk !== talk()) return forget();
  for (const [name, value] of kept.fields) if (form.elements[name].value !== value) form.elements[name].value = value;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("#wrap-form");
  if (!form) return;
  const fields = ["outcome", "note"].map((name) => [name, form.elements[name].value]);
  sessionStorage.setItem(KEPT, JSON.stringify({ talk: talk(), fields }));
});

document.addEventListener("submit", (event) => event.target.matches("[data-leaves]") && forget());
onRedrawn((part) => part.dataset.part === "call" && takeBack());
takeBack();
