// A folder of numbered files goes to the server one after the other: each gets its line in the table, and a file that is
// refused does not keep the others from going on.

import { Refused, post, say } from "./ask.js";
import { tell } from "./console.js";

const form = document.getElementById("files-form");
const table = document.getElementById("files-results");
const body = table.querySelector("tbody");
const progress = document.getElementById("files-progress");
const bar = document.getElementById("files-bar");
const told = document.getElementById("files-told");
const SOUND = /\.(wav|mp3|ogg|oga|opus|flac)$/i;

function chosen() {
  const loose = [...document.getElementById("files").files];
  // A folder has more in it than recordings: notes, pictures, what the system hides there.
  const folder = [...document.getElementById("folder").files].filter((file) => SOUND.test(file.name) && !file.name.startsWith("."));
  return [...loose, ...folder].sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
}

function cell(name, head, text, lang) {
  const made = document.createElement(name);
  if (head) made.dataset.head = head;
  if (lang) made.lang = lang;
  made.textContent = text;
  return made;
}

function row(result) {
  const made = document.createElement("tr");
  const file = cell("th", "", result.file);
  file.scope = "row";
  const outcome = cell("td", body.dataset.result, "");
  const chip = cell("span", "", result.state_words);
  chip.className = `chip ${{ kept: "done", refused: "failed" }[result.state] || ""}`;
  outcome.append(chip, ` ${result.told}`);
  made.append(file, cell("td", body.dataset.number, result.number ?? "–"), cell("td", body.dataset.words, result.words, body.dataset.language), outcome);
  body.append(made);
}

function refusedRow(file, words) {
  row({ file: file.name, number: null, words: "", state: "refused", state_words: body.dataset.refused, told: words });
}

async function sendOne(file) {
  if (file.size > Number(body.dataset.most)) return refusedRow(file, body.dataset.tooBig);
  const data = new FormData();
  data.set("speaker", form.elements.speaker.value);
  data.set("file", file, file.name);
  try {
    (await post(form.action, data)).results.forEach(row);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refusedRow(file, error.message);
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const files = chosen();
  if (!files.length) return tell(say("js.files_none"));
  tell("");
  const button = event.submitter;
  button.disabled = true;
  body.replaceChildren();
  table.hidden = progress.hidden = false;
  bar.max = files.length;
  for (const [n, file] of files.entries()) {
    told.textContent = say("js.files_sent", { done: n, of: files.length });
    bar.value = n;
    await sendOne(file);
  }
  told.textContent = say("js.files_sent", { done: files.length, of: files.length });
  bar.value = files.length;
  button.disabled = false;
});
