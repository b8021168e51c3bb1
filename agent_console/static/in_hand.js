// What somebody has in hand just now: a pressed pointer, or a syllable half composed. Were its part drawn anew in that
// moment, the click or the syllable would be lost.

const LONGEST_CLICK = 2000; // milliseconds: hands may be slow, and so may the machine
const holding = { pointer: null, syllable: null };
const waiting = new Set();
let giveUp = 0;

function letGo(what) {
  holding[what] = null;
  waiting.forEach((goOn) => goOn());
  waiting.clear();
}

export function isInHand(part) {
  return Object.values(holding).some((one) => one instanceof Node && part.contains(one));
}

export async function untilLetGo(part) {
  while (isInHand(part)) await new Promise((goOn) => waiting.add(goOn));
}

addEventListener("pointerdown", (event) => {
  holding.pointer = event.target;
  // Not every release is told: the list of a select takes it for itself.
  clearTimeout(giveUp);
  giveUp = setTimeout(letGo, LONGEST_CLICK, "pointer");
}, { capture: true });
// The click follows its release, and the last input the end of its syllable.
for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, () => setTimeout(letGo, 0, "pointer"), { capture: true });
}
addEventListener("compositionstart", (event) => (holding.syllable = event.target), { capture: true });
addEventListener("compositionend", () => setTimeout(letGo, 0, "syllable"), { capture: true });
