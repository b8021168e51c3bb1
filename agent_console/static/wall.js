// The wall: drawn anew when something happens, at most once a second, and every ten seconds whatever happens. It says when it is old.

import { say } from "./ask.js";
import { clock, hour, now } from "./clock.js";
import { listen } from "./news.js";
import { onRedrawn, refresh } from "./parts.js";

const OLD_AFTER = 30;
const ANYWAY_EVERY = 10000;
const AT_MOST_EVERY = 1000;
const MATTERS = new Set(["opened", "queue", "presence", "offer", "offer_over", "talk", "caller_gone", "call_back"]);
let wanted = 0;

function soon() {
  if (!wanted) wanted = setTimeout(draw, AT_MOST_EVERY);
}

function draw() {
  wanted = 0;
  refresh("wall");
}

function tick() {
  for (const timer of document.querySelectorAll(".timer[data-since]")) timer.textContent = clock(now() - timer.dataset.since);
  document.getElementById("wall-clock").textContent = hour();
  const age = now() - Number(document.querySelector("[data-read]").dataset.read);
  const line = document.getElementById("old");
  line.hidden = age < OLD_AFTER;
  if (!line.hidden) line.querySelector("span").textContent = say("js.wall_old", { age: clock(age) });
}

listen((news) => MATTERS.has(news.kind) && soon());
onRedrawn(tick);
setInterval(tick, 500);
setInterval(() => refresh("wall"), ANYWAY_EVERY);
tick();
