// What callers did, on the tree of a draft: in each step and in the list of steps, and by day for the step that is picked.

import { Refused, askJson } from "./ask.js";
import { count } from "./clock.js";

const byId = (id) => document.getElementById(id);
const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 0 });
const NOBODY = ["–", "–", "–", "–", "–"];

export function setUpFigures({ picked, show }) {
  const [box, days, language, told] = ["show-figures", "figures-days", "figures-language", "figures-told"].map(byId);
  let figures = null;
  let asked = 0;

  function rowOf(head, cells) {
    const row = document.createElement("tr");
    const first = document.createElement("th");
    first.scope = "row";
    first.textContent = head;
    row.append(first, ...cells.map((told) => Object.assign(document.createElement("td"), { textContent: told })));
    return row;
  }

  function showDays() {
    const step = picked();
    const isShown = Boolean(figures && step);
    for (const id of ["figures-days-table", "figures-went-table"]) byId(id).hidden = !isShown;
    if (!isShown) return;
    const { wrong, went } = of(step);
    byId("figures-step").textContent = step;
    byId("figures-wrong").textContent = wrong ? `${byId("figures-wrong").dataset.words} ${wrong}` : "";
    byId("figures-days-rows").replaceChildren(...figures.days.map(([day, steps]) => rowOf(day, steps[step] || NOBODY)));
    byId("figures-went-rows").replaceChildren(...went.map((one) => rowOf(one[1], wentOn(one, went))));
  }

  function wentOn([, , to, calls], went) {
    const all = went.reduce((sum, one) => sum + one[3], 0);
    return [to || byId("figures-went-table").dataset.out, count(calls), percent.format(calls / all)];
  }

  // How many went along each drawn way. A key without a way of its own leads where its step's `then` does; what leads to
  // no step that is drawn stands in the table only.
  function took(ways) {
    if (!figures) return null;
    const ofStep = Map.groupBy(ways, ([step]) => step);
    const calls = new Map(ways.map((way) => [way, 0]));
    for (const [step, own] of ofStep) {
      for (const [why, , to, more] of of(step).went) {
        const there = own.filter(([, , , target]) => target === to);
        const way = there.find((one) => one[1] === why) ?? there.find((one) => one[1] === "then");
        if (way) calls.set(way, calls.get(way) + more);
      }
    }
    return new Map([...calls].map(([way, all]) => [way, { share: all / (figures.most || 1), told: count(all) }]));
  }

  function of(step) {
    return figures && (figures.steps[step] || { share: 0, told: "–", went: [] });
  }

  function take(found) {
    figures = found;
    show();
    showDays();
  }

  async function load() {
    asked += 1;
    const mine = asked;
    byId("figures-part").hidden = !box.checked;
    take(null);
    if (!box.checked) return;
    told.textContent = told.dataset.waits;
    try {
      const found = await askJson(`${byId("figures").dataset.url}?${new URLSearchParams({ days: days.value, language: language.value })}`);
      if (mine !== asked) return; // something else was chosen meanwhile
      told.textContent = told.dataset.done;
      take(found);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (mine === asked) told.textContent = told.dataset.failed;
    }
  }

  for (const field of [box, days, language]) field.addEventListener("change", load);
  return { showDays, of, took };
}
