// What callers did, on the tree of a draft: in each step and in the list of steps, and by day for the step that is picked.

import { Refused, askJson } from "./ask.js";

const byId = (id) => document.getElementById(id);
const NOBODY = ["–", "–", "–", "–", "–"];

export function setUpFigures({ picked, show }) {
  const [box, days, language, told] = ["show-figures", "figures-days", "figures-language", "figures-told"].map(byId);
  let figures = null;
  let asked = 0;

  function cellsOf(day, numbers) {
    const row = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = day;
    row.append(head, ...numbers.map((number) => Object.assign(document.createElement("td"), { textContent: number })));
    return row;
  }

  function showDays() {
    const step = picked();
    const place = byId("figures-days-table");
    place.hidden = !figures || !step;
    if (place.hidden) return;
    const wrong = figures.steps[step]?.wrong;
    byId("figures-step").textContent = step;
    byId("figures-wrong").textContent = wrong ? `${byId("figures-wrong").dataset.words} ${wrong}` : "";
    place.querySelector("tbody").replaceChildren(...figures.days.map(([day, steps]) => cellsOf(day, steps[step] || NOBODY)));
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
  return { showDays, of: (step) => figures && (figures.steps[step] || { share: 0, told: "–" }) };
}
