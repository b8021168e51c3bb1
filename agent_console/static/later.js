// Parts of a page that take the server some seconds: asked for once the page stands, with a way to ask again.

import { Refused, askHtml } from "./ask.js";

async function load(part) {
  part.setAttribute("aria-busy", "true");
  const [waits, failed] = [part.querySelector("[data-waits]"), part.querySelector("[data-failed]")];
  waits.hidden = false;
  failed.hidden = true;
  try {
    const fresh = document.createElement("template");
    fresh.innerHTML = await askHtml(part.dataset.later);
    part.replaceChildren(fresh.content);
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

document.querySelectorAll("[data-later]").forEach(load);
