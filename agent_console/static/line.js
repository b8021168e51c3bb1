// Who is in line and how much is on its lists, as the stream tells it: that is the same for every page, so none has to ask.
// Drawn as parts/facts.html and parts/nav.html do.

import { clock, count, now } from "./clock.js";
import { onRedrawn } from "./parts.js";

let told = null;
let lists = null; // told with the id after which they were so

function element(name, text, marks) {
  return Object.assign(document.createElement(name), { textContent: text }, marks);
}

function waiting([language, callers], names) {
  const line = element("b", "");
  line.append(element("span", names[language] || language, { lang: language }), ` ${count(callers)}`);
  return line;
}

function longest(since) {
  const timer = element("span", clock(now() - since), { className: "timer" });
  timer.dataset.since = since;
  return timer;
}

// What the server drew after the news that this tells of is newer. What changes without news is told with the id of the last.
function isNewer(news, place) {
  return news && place && Number(place.dataset.after) <= news.after;
}

function showLists() {
  const pages = document.getElementById("pages");
  if (!isNewer(lists, pages)) return;
  pages.dataset.after = lists.after;
  for (const link of pages.querySelectorAll("[data-count]")) {
    link.textContent = link.dataset.words.replace("{n}", count(lists.of[link.dataset.count]));
  }
}

function showWaiting() {
  const place = document.getElementById("in-line");
  if (!isNewer(told, place)) return;
  const names = JSON.parse(place.dataset.languages);
  const lines = told.waiting.flatMap((one) => [waiting(one, names), " "]);
  place.replaceChildren(...(lines.length ? lines : [element("b", count(0))]));
  place.dataset.after = told.after;
  place.closest("[data-desks]").dataset.desks = told.desks;
  document.getElementById("longest-in-line").replaceChildren(told.since ? longest(told.since) : "–");
}

export function showWholeLine(line) {
  told = line;
  if (line.lists) lists = { after: line.after, of: line.lists };
  showWaiting();
  showLists();
}

onRedrawn(showWaiting);
onRedrawn(showLists);
