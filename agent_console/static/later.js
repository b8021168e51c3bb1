// Parts of a page that take the server some seconds: asked for once the page stands, with a way to ask again.
// A button that names such a part in data-after can be pressed once the part is there; its data-until line says so.

import { Refused, askHtml } from "./ask.js";

function hold(part, held) {
  for (const button of document.querySelectorAll(`[data-after="${part.id}"]`)) button.disabled = held;
  for (const line of document.querySelectorAll(`[data-until="${part.id}"]`)) line.hidden = !held;
}

async function load(part) {
  part.setAttribute("aria-busy", "true");
  const [waits, failed] = [part.querySelector("[data-waits]"), part.querySelector("[data-failed]")];
  waits.hidden = false;
  failed.hidden = true;
  try {
    const fresh = document.createElement("template");
    fresh.innerHTML = await askHtml(part.dataset.later);
    part.replaceChildren(fresh.content);
    hold(part, false);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    waits.hidden = true;
    failed.hidden = false;
  } finally {
    part.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-later-again]");
  if (button) load(button.closest("[data-later]"));
});

for (const part of document.querySelectorAll("[data-later]")) {
  hold(part, true);
  load(part);
}
