// The list of the steps, by which the tree is sifted and reached without a mouse; and what is wrong with the draft.

import { say } from "./ask.js";
import { count } from "./clock.js";

const byId = (id) => document.getElementById(id);

function isFound([name, , , says], sought) {
  return `${name} ${says}`.normalize("NFC").toLowerCase().includes(sought);
}

let shown = new Map(); // rows by their step, each with what it was drawn from

// A row is drawn anew only when something of it has changed: there may be a thousand of them, and this runs after each key.
export function showSteps(state, picked, tree, pick) {
  const sought = byId("find").value.trim().normalize("NFC").toLowerCase();
  const found = state.steps.filter((step) => isFound(step, sought));
  const rows = new Map(found.map((step) => [step[0], rowFor(step, step[0] === picked, pick, state.figuresOf(step[0]))]));
  const isSame = [...rows.keys()].join(" ") === [...shown.keys()].join(" ");
  if (!isSame) byId("steps").replaceChildren(...[...rows.values()].map(({ row }) => row));
  else for (const [name, { row }] of rows) if (row !== shown.get(name).row) shown.get(name).row.replaceWith(row);
  shown = rows;
  const names = new Set(rows.keys());
  tree.sift((name) => !sought || names.has(name));
  const all = state.steps.map(([name]) => name);
  if (all.join(" ") !== [...byId("all-steps").options].map((option) => option.value).join(" ")) {
    byId("all-steps").replaceChildren(...all.map((name) => new Option(name, name)));
  }
}

function rowFor(step, isPicked, pick, figures) {
  const from = JSON.stringify([step, figures && figures.told]);
  const before = shown.get(step[0]);
  const one = before?.from === from ? before : { from, row: rowOf(step, pick, figures) };
  const button = one.row.firstElementChild;
  if (isPicked) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  return one;
}

function rowOf([name, , , says, errors, warnings], pick, figures) {
  const row = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  const title = document.createElement("span");
  title.textContent = `${name} · ${says}`;
  button.append(title);
  if (errors || warnings) {
    const mark = document.createElement("span");
    mark.className = errors ? "trouble" : "doubt";
    mark.textContent = errors ? `✗ ${count(errors)}` : `! ${count(warnings)}`;
    button.append(mark);
  }
  if (figures) {
    const came = document.createElement("span");
    came.className = "push nowrap soft";
    came.textContent = figures.told;
    button.append(came);
  }
  button.addEventListener("click", () => pick(name));
  row.append(button);
  return row;
}

export function markStep(name) {
  byId("steps").querySelector("[aria-current]")?.removeAttribute("aria-current");
  shown.get(name)?.row.firstElementChild.setAttribute("aria-current", "true");
}

// What is wrong with the step whose form is shown, above its fields.
export function showAbout(findings) {
  const place = byId("about-step");
  if (!place) return;
  const { step } = place.closest("[data-step]").dataset;
  const rows = findings.filter((one) => one.step === step).map((one) => {
    const row = byId("about-one").content.firstElementChild.cloneNode(true);
    row.classList.add(one.severity === "error" ? "bad" : "warn");
    row.querySelector(".heading").textContent = one.heading;
    row.querySelector(".told").textContent = one.text;
    return row;
  });
  place.replaceChildren(...rows);
}

export function showFindings(findings, flowFile, goTo) {
  const errors = findings.filter((one) => one.severity === "error").length;
  const heading = say("js.flows.problems", { errors: count(errors), warnings: count(findings.length - errors) });
  for (const id of ["problems-title", "problems-link"]) if (byId(id).textContent !== heading) byId(id).textContent = heading;
  byId("problems-link").dataset.errors = errors;
  const rows = findings.map((one) => {
    const row = document.createElement("li");
    row.className = one.severity;
    const button = document.createElement("button");
    button.type = "button";
    const place = document.createElement("b");
    place.className = "nowrap";
    const file = one.file === flowFile ? "" : ` ${one.file}`;
    place.textContent = `${one.severity === "error" ? "✗" : "!"} ${say("js.flows.line", { line: one.line })}${file}`;
    const words = document.createElement("span");
    words.textContent = `${one.heading ? `${one.heading} ` : ""}${one.text}`;
    button.append(place, words);
    button.addEventListener("click", () => goTo(one));
    row.append(button);
    return row;
  });
  byId("problems").replaceChildren(...rows);
}
