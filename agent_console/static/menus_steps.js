// The list of the steps, by which the tree is sifted and reached without a mouse; and what is wrong with the draft.

import { say } from "./ask.js";

const byId = (id) => document.getElementById(id);

function isFound([name, , , says], sought) {
  return `${name} ${says}`.normalize("NFC").toLowerCase().includes(sought);
}

export function showSteps(state, picked, tree, pick) {
  const sought = byId("find").value.trim().normalize("NFC").toLowerCase();
  const found = state.steps.filter((step) => isFound(step, sought));
  byId("steps").replaceChildren(...found.map((step) => rowOf(step, step[0] === picked, pick, state.figuresOf(step[0]))));
  const names = new Set(found.map(([name]) => name));
  tree.sift((name) => !sought || names.has(name));
  byId("all-steps").replaceChildren(...state.steps.map(([name]) => new Option(name, name)));
}

function rowOf([name, verb, , says, errors, warnings], isPicked, pick, figures) {
  const row = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  if (isPicked) button.setAttribute("aria-current", "true");
  const title = document.createElement("span");
  title.textContent = `${name} · ${says || verb}`;
  button.append(title);
  if (errors || warnings) {
    const mark = document.createElement("span");
    mark.className = errors ? "trouble" : "doubt";
    mark.textContent = errors ? `✗ ${errors}` : `! ${warnings}`;
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
  const list = byId("steps");
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const own = [...list.querySelectorAll("button")].find((button) => button.textContent.startsWith(`${name} ·`));
  own?.setAttribute("aria-current", "true");
}

export function showFindings(findings, flowFile, goTo) {
  const errors = findings.filter((one) => one.severity === "error").length;
  const heading = say("js.flows.problems", { errors, warnings: findings.length - errors });
  if (byId("problems-title").textContent !== heading) byId("problems-title").textContent = heading;
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
