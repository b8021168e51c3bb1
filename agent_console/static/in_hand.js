// What somebody has in hand just now: a pressed pointer, or a syllable half composed. Were its part drawn anew in that
// moment, the click or the syllable would be lost.

const LONGEST_CLICK = 1000; // where the release may not be told
const TELLS_RELEASE = "button, a, summary, label";
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

// Hands may be slow: whatever tells when it is let go of is waited for. The list of a select takes its release for itself, and
// so does the menu of the other button.
addEventListener("pointerdown", (event) => {
  holding.pointer = event.target;
  clearTimeout(giveUp);
  const isTold = event.button === 0 && event.target instanceof Element && event.target.closest(TELLS_RELEASE);
  if (!isTold) giveUp = setTimeout(letGo, LONGEST_CLICK, "pointer");
}, { capture: true });
addEventListener("blur", () => letGo("pointer")); // another window took it
// The click follows its release, and the last input the end of its syllable.
for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, () => setTimeout(letGo, 0, "pointer"), { capture: true });
}
addEventListener("compositionstart", (event) => (holding.syllable = event.target), { capture: true });
addEventListener("compositionend", () => setTimeout(letGo, 0, "syllable"), { capture: true });
