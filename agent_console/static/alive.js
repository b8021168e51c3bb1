// The sign of life of a page. The stream's process takes it, so that those of a full house do not keep the telephone's own
// processes from answering callers. What it does not keep (the first one, a stranger's, a second tab's, anything new),
// and everything where it is away or there is trouble, is told to the server itself: its answer counts.

import { askJson, post, troubleNow } from "./ask.js";

const PATIENCE = 5000;
const LOOK_AT_EVERY = 3; // signs: does the server itself still answer?
let isKnown = false;
let shown = 0;

export async function tellAlive(said) {
  await post("/desk/alive", said);
  isKnown = true;
}

export async function showAlive(said) {
  if (!isKnown || troubleNow() || !(await isKept(said))) {
    isKnown = false;
    await tellAlive(said);
  } else if (++shown % LOOK_AT_EVERY === 0) {
    askJson("/health").catch(() => undefined); // the line at the top says it
  }
}

async function isKept(said) {
  const { stream, who } = document.body.dataset; // whoever has signed in here meanwhile is not who this page is of
  const body = new URLSearchParams({ ...said, who });
  const options = { method: "POST", credentials: "include", body, signal: AbortSignal.timeout(PATIENCE) };
  try {
    return (await fetch(`${stream}/events`, options)).status === 200;
  } catch {
    return false;
  }
}
