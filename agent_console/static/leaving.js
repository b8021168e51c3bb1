// Signing out clears what this browser keeps for its person. Where the server has not got all of it, that is said first.

import { say } from "./ask.js";
import { isHanging } from "./kept.js";

export function askBeforeLeaving(tell) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-leaves]") || form.dataset.sure || !isHanging()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.dataset.sure = "yes";
    tell(say("js.left_over_leaves"));
  }, { capture: true });
}
