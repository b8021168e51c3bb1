// The keys of a phone, and what stands in their place while the line records.

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const NAMED = { "*": "key_star", "#": "key_hash" };
const SECONDS = [3, 10, 30]; // to speak

export const isKey = (key) => KEYS.includes(key);

export function buildKeypad(box, press) {
  box.append(...KEYS.map((key) => keyButton(key, press)));
}

export function buildRecorder(box, speak, press) {
  for (const seconds of SECONDS) {
    const button = plainButton(() => speak(seconds));
    button.dataset.seconds = seconds;
    button.dataset.word = "speak";
    box.append(button);
  }
  box.append(keyButton("#", press));
}

export function flash(box, key) {
  const button = box.querySelector(`[data-key="${CSS.escape(key)}"]`);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 150);
}

function keyButton(key, press) {
  const button = plainButton(() => press(key));
  button.textContent = key;
  button.dataset.key = key;
  button.dataset.label = NAMED[key] || "key";
  return button;
}

function plainButton(act) {
  const button = document.createElement("button");
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
