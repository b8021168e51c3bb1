// The supervisor's voice beside a talk. It comes in muted; what opens it is the server's word, never this page's.

import { askJson, say } from "./ask.js";
import { tell } from "./console.js";
import { onRedrawn, refresh } from "./parts.js";
import { NoVoice, softphone } from "./softphone.js";

const phone = softphone(() => askJson("/desk/voice-token"));
let call = null;

async function listenWith(ticket) {
  try {
    call?.hangUp();
    const mine = await phone.connect(ticket);
    call = mine;
    showMicrophone();
    mine.onState((state) => {
      if (state === "closed" && call === mine) call = null;
      refresh("beside");
    });
  } catch (error) {
    if (!(error instanceof NoVoice)) throw error;
    tell(say("js.no_listening"));
  }
}

// Whoever only listens has the microphone of this page closed too, not only the line's.
function showMicrophone() {
  const mode = document.querySelector("[data-beside]")?.dataset.beside;
  call?.mute?.(mode !== "whisper" && mode !== "barge");
}

function leave() {
  call?.hangUp();
  call = null;
}

document.addEventListener("acted", (event) => {
  const { form, answer } = event.detail;
  if (answer.ticket) listenWith(answer.ticket);
  if (form.matches("[data-leave]")) leave();
});

// The talk is over, or another page of this person listens: no line is left open behind it.
onRedrawn((part) => {
  showMicrophone();
  if (part.dataset.part === "beside" && call?.state === "open" && !part.querySelector("[data-leave]")) leave();
});

addEventListener("pagehide", leave);
phone.open();
